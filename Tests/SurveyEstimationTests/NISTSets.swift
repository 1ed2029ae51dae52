import Testing

/// Certified sets of NIST's Statistical Reference Datasets, univariate and analysis of variance.
///
/// Source: National Institute of Standards and Technology, StRD, https://www.itl.nist.gov/div898/strd (a work of the
/// United States government, in the public domain). NumAcc1–4, SmLs01–09 and PiDigits are made by their definition.
enum NISTSets {
  /// A set of one variable with its certified mean and standard deviation.
  struct Univariate: Sendable, CustomTestStringConvertible {
    var name: String
    var values: [Double]
    var mean: Double
    var deviation: Double
    /// Digits of the certified deviation that the values keep once they are doubles.
    var digits: Int

    var testDescription: String { name }
  }

  /// Groups of one variable with the certified F of their analysis of variance.
  struct Groups: Sendable, CustomTestStringConvertible {
    var name: String
    var values: [[Double]]
    var ratio: Double
    /// Digits of the certified F that the values keep once they are doubles.
    var digits: Int

    var testDescription: String { name }
  }

  static let univariate = [
    Univariate(name: "Lew", values: lew, mean: -177.435, deviation: 277.332168044316, digits: 14),
    Univariate(name: "Lottery", values: lottery, mean: 518.958715596330, deviation: 291.699727470969, digits: 14),
    Univariate(name: "Mavro", values: mavro, mean: 2.001856, deviation: 0.000429123454003053, digits: 12),
    Univariate(name: "Michelso", values: michelso, mean: 299.8524, deviation: 0.0790105478190518, digits: 13),
    Univariate(name: "PiDigits", values: digitsOfPi(5000), mean: 4.5348, deviation: 2.86733906028871, digits: 14),
    Univariate(
      name: "NumAcc1",
      values: [10_000_001, 10_000_003, 10_000_002],
      mean: 10_000_002,
      deviation: 1,
      digits: 15
    ),
    Univariate(name: "NumAcc2", values: alternating(1.2, 1.1, 1.3), mean: 1.2, deviation: 0.1, digits: 14),
    Univariate(
      name: "NumAcc3",
      values: alternating(1_000_000.2, 1_000_000.1, 1_000_000.3),
      mean: 1_000_000.2,
      deviation: 0.1,
      digits: 9
    ),
    Univariate(
      name: "NumAcc4",
      values: alternating(10_000_000.2, 10_000_000.1, 10_000_000.3),
      mean: 10_000_000.2,
      deviation: 0.1,
      digits: 8
    ),
  ]

  static let groups =
    [
      Groups(name: "SiRstv", values: resistivity, ratio: 1.18046237440255, digits: 12),
      Groups(name: "AtmWtAg", values: silver, ratio: 15.9467335677930, digits: 8),
    ]
    + (1...9).map { number in
      let offset = [1.0, 1e6, 1e12][(number - 1) / 3]
      let replicates = [21, 201, 2001][(number - 1) % 3]
      return Groups(
        name: "SmLs0\(number)",
        values: (1...9).map { treatment in
          (1...replicates).map { stored(offset, tenths: step(treatment) + step($0)) }
        },
        ratio: [21.0, 201, 2001][(number - 1) % 3],
        digits: [14, 9, 2][(number - 1) / 3]
      )
    }

  /// 0.2 for the first, then 0.1 and 0.3 in turn, in tenths.
  private static func step(_ place: Int) -> Int { place == 1 ? 2 : place % 2 == 0 ? 1 : 3 }

  /// The double nearest to a decimal, as a program reads it from a file.
  private static func stored(_ offset: Double, tenths: Int) -> Double {
    (offset * 10 + Double(tenths)) / 10
  }

  private static func alternating(_ first: Double, _ low: Double, _ high: Double) -> [Double] {
    [first] + (0..<1000).map { $0 % 2 == 0 ? low : high }
  }

  /// The first digits of π as NIST has them, by the spigot of Rabinowitz and Wagon (1995).
  private static func digitsOfPi(_ count: Int) -> [Double] {
    var remainders = [Int](repeating: 2, count: count * 10 / 3 + 20)
    var digits: [Int] = []
    var held: [Int] = []
    while digits.count < count {
      var carry = 0
      for place in stride(from: remainders.count - 1, through: 1, by: -1) {
        let value = 10 * remainders[place] + carry * (place + 1)
        remainders[place] = value % (2 * place + 1)
        carry = value / (2 * place + 1)
      }
      let value = 10 * remainders[0] + carry
      remainders[0] = value % 10
      let digit = value / 10
      if digit == 9 {
        held.append(9)
      } else if digit == 10 {
        digits += held.enumerated().map { place, digit in place == 0 ? digit + 1 : 0 }
        held = [0]
      } else {
        digits += held
        held = [digit]
      }
    }
    // NIST's file has a 3 where π has an 8, and its certified values are those of the file.
    if count > 956 { digits[956] = 3 }
    return digits.prefix(count).map(Double.init)
  }

  private static let lew: [Double] = [
    -213, -564, -35, -15, 141, 115, -420, -360, 203, -338, -431, 194, -220, -513, 154, -125, -559, 92, -21, -579,
    -52, 99, -543, -175, 162, -457, -346, 204, -300, -474, 164, -107, -572, -8, 83, -541, -224, 180, -420, -374, 201,
    -236, -531, 83, 27, -564, -112, 131, -507, -254, 199, -311, -495, 143, -46, -579, -90, 136, -472, -338, 202,
    -287, -477, 169, -124, -568, 17, 48, -568, -135, 162, -430, -422, 172, -74, -577, -13, 92, -534, -243, 194, -355,
    -465, 156, -81, -578, -64, 139, -449, -384, 193, -198, -538, 110, -44, -577, -6, 66, -552, -164, 161, -460, -344,
    205, -281, -504, 134, -28, -576, -118, 156, -437, -381, 200, -220, -540, 83, 11, -568, -160, 172, -414, -408,
    188, -125, -572, -32, 139, -492, -321, 205, -262, -504, 142, -83, -574, 0, 48, -571, -106, 137, -501, -266, 190,
    -391, -406, 194, -186, -553, 83, -13, -577, -49, 103, -515, -280, 201, 300, -506, 131, -45, -578, -80, 138, -462,
    -361, 201, -211, -554, 32, 74, -533, -235, 187, -372, -442, 182, -147, -566, 25, 68, -535, -244, 194, -351, -463,
    174, -125, -570, 15, 72, -550, -190, 172, -424, -385, 198, -218, -536, 96,
  ]

  private static let lottery: [Double] = [
    162, 671, 933, 414, 788, 730, 817, 33, 536, 875, 670, 236, 473, 167, 877, 980, 316, 950, 456, 92, 517, 557, 956,
    954, 104, 178, 794, 278, 147, 773, 437, 435, 502, 610, 582, 780, 689, 562, 964, 791, 28, 97, 848, 281, 858, 538,
    660, 972, 671, 613, 867, 448, 738, 966, 139, 636, 847, 659, 754, 243, 122, 455, 195, 968, 793, 59, 730, 361, 574,
    522, 97, 762, 431, 158, 429, 414, 22, 629, 788, 999, 187, 215, 810, 782, 47, 34, 108, 986, 25, 644, 829, 630,
    315, 567, 919, 331, 207, 412, 242, 607, 668, 944, 749, 168, 864, 442, 533, 805, 372, 63, 458, 777, 416, 340, 436,
    140, 919, 350, 510, 572, 905, 900, 85, 389, 473, 758, 444, 169, 625, 692, 140, 897, 672, 288, 312, 860, 724, 226,
    884, 508, 976, 741, 476, 417, 831, 15, 318, 432, 241, 114, 799, 955, 833, 358, 935, 146, 630, 830, 440, 642, 356,
    373, 271, 715, 367, 393, 190, 669, 8, 861, 108, 795, 269, 590, 326, 866, 64, 523, 862, 840, 219, 382, 998, 4,
    628, 305, 747, 247, 34, 747, 729, 645, 856, 974, 24, 568, 24, 694, 608, 480, 410, 729, 947, 293, 53, 930, 223,
    203, 677, 227, 62, 455, 387, 318, 562, 242, 428, 968,
  ]

  private static let mavro: [Double] = [
    2.00180, 2.00170, 2.00180, 2.00190, 2.00180, 2.00170, 2.00150, 2.00140, 2.00150, 2.00150, 2.00170, 2.00180,
    2.00180, 2.00190, 2.00190, 2.00210, 2.00200, 2.00160, 2.00140, 2.00130, 2.00130, 2.00150, 2.00150, 2.00160,
    2.00150, 2.00140, 2.00130, 2.00140, 2.00150, 2.00140, 2.00150, 2.00160, 2.00150, 2.00160, 2.00190, 2.00200,
    2.00200, 2.00210, 2.00220, 2.00230, 2.00240, 2.00250, 2.00270, 2.00260, 2.00260, 2.00260, 2.00270, 2.00260,
    2.00250, 2.00240,
  ]

  private static let michelso: [Double] = [
    299.85, 299.74, 299.90, 300.07, 299.93, 299.85, 299.95, 299.98, 299.98, 299.88, 300.00, 299.98, 299.93, 299.65,
    299.76, 299.81, 300.00, 300.00, 299.96, 299.96, 299.96, 299.94, 299.96, 299.94, 299.88, 299.80, 299.85, 299.88,
    299.90, 299.84, 299.83, 299.79, 299.81, 299.88, 299.88, 299.83, 299.80, 299.79, 299.76, 299.80, 299.88, 299.88,
    299.88, 299.86, 299.72, 299.72, 299.62, 299.86, 299.97, 299.95, 299.88, 299.91, 299.85, 299.87, 299.84, 299.84,
    299.85, 299.84, 299.84, 299.84, 299.89, 299.81, 299.81, 299.82, 299.80, 299.77, 299.76, 299.74, 299.75, 299.76,
    299.91, 299.92, 299.89, 299.86, 299.88, 299.72, 299.84, 299.85, 299.85, 299.78, 299.89, 299.84, 299.78, 299.81,
    299.76, 299.81, 299.79, 299.81, 299.82, 299.85, 299.87, 299.87, 299.81, 299.74, 299.81, 299.94, 299.95, 299.80,
    299.81, 299.87,
  ]

  private static let resistivity: [[Double]] = [
    [196.3052, 196.1240, 196.1890, 196.2569, 196.3403],
    [196.3042, 196.3825, 196.1669, 196.3257, 196.0422],
    [196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
    [196.2795, 196.1748, 196.1494, 196.1485, 195.9885],
    [196.2119, 196.1051, 196.1850, 196.0052, 196.2090],
  ]

  private static let silver: [[Double]] = [
    [
      107.8681568, 107.8681465, 107.8681572, 107.8681785, 107.8681446, 107.8681903, 107.8681526, 107.8681494,
      107.8681616, 107.8681587, 107.8681519, 107.8681486, 107.8681419, 107.8681569, 107.8681508, 107.8681672,
      107.8681385, 107.8681518, 107.8681662, 107.8681424, 107.8681360, 107.8681333, 107.8681610, 107.8681477,
    ],
    [
      107.8681079, 107.8681344, 107.8681513, 107.8681197, 107.8681604, 107.8681385, 107.8681642, 107.8681365,
      107.8681151, 107.8681082, 107.8681517, 107.8681448, 107.8681198, 107.8681482, 107.8681334, 107.8681609,
      107.8681101, 107.8681512, 107.8681469, 107.8681360, 107.8681254, 107.8681261, 107.8681450, 107.8681368,
    ],
  ]
}
