import SurveyData
import SurveyDesign
import SurveyEstimation
import SurveyReporting

/// An invented round on real names: 12 leagues, 36 counties, 8 indicators. The figures mean nothing;
/// they are there to be laid out, among them none, one, missing, suppressed and far too long ones.
enum SampleRound {
  static let leagues: [(code: String, zh: String, en: String)] = [
    ("150100", "呼和浩特市", "Hohhot City"), ("150200", "包头市", "Baotou City"),
    ("150300", "乌海市", "Wuhai City"), ("150400", "赤峰市", "Chifeng City"),
    ("150500", "通辽市", "Tongliao City"), ("150600", "鄂尔多斯市", "Ordos City"),
    ("150700", "呼伦贝尔市", "Hulunbuir City"), ("150800", "巴彦淖尔市", "Bayannur City"),
    ("150900", "乌兰察布市", "Ulanqab City"), ("152200", "兴安盟", "Hinggan League"),
    ("152500", "锡林郭勒盟", "Xilingol League"), ("152900", "阿拉善盟", "Alxa League"),
  ]

  static let counties: [(code: String, zh: String, en: String)] = [
    ("150121", "土默特左旗", "Tumd Left Banner"), ("150123", "和林格尔县", "Horinger County"),
    ("150122", "托克托县", "Togtoh County"), ("150223", "达尔罕茂明安联合旗", "Darhan Muminggan United Banner"),
    ("150206", "白云鄂博矿区", "Bayan Obo Mining District"), ("150221", "土默特右旗", "Tumd Right Banner"),
    ("150302", "海勃湾区", "Haibowan District"), ("150303", "海南区", "Hainan District"),
    ("150304", "乌达区", "Wuda District"), ("150421", "阿鲁科尔沁旗", "Ar Horqin Banner"),
    ("150425", "克什克腾旗", "Hexigten Banner"), ("150403", "元宝山区", "Yuanbaoshan District"),
    ("150521", "科尔沁左翼中旗", "Horqin Left Wing Middle Banner"),
    ("150522", "科尔沁左翼后旗", "Horqin Left Wing Rear Banner"), ("150581", "霍林郭勒市", "Holingol City"),
    ("150623", "鄂托克前旗", "Otog Front Banner"), ("150627", "伊金霍洛旗", "Ejin Horo Banner"),
    ("150603", "康巴什区", "Kangbashi District"),
    ("150722", "莫力达瓦达斡尔族自治旗", "Morin Dawa Daur Autonomous Banner"),
    ("150724", "鄂温克族自治旗", "Ewenki Autonomous Banner"), ("150723", "鄂伦春自治旗", "Oroqen Autonomous Banner"),
    ("150823", "乌拉特前旗", "Urad Front Banner"), ("150824", "乌拉特中旗", "Urad Middle Banner"),
    ("150825", "乌拉特后旗", "Urad Rear Banner"), ("150926", "察哈尔右翼前旗", "Chahar Right Wing Front Banner"),
    ("150927", "察哈尔右翼中旗", "Chahar Right Wing Middle Banner"),
    ("150928", "察哈尔右翼后旗", "Chahar Right Wing Rear Banner"),
    ("152221", "科尔沁右翼前旗", "Horqin Right Wing Front Banner"),
    ("152222", "科尔沁右翼中旗", "Horqin Right Wing Middle Banner"), ("152201", "乌兰浩特市", "Ulanhot City"),
    ("152525", "东乌珠穆沁旗", "East Ujimqin Banner"), ("152526", "西乌珠穆沁旗", "West Ujimqin Banner"),
    ("152501", "二连浩特市", "Erenhot City"), ("152921", "阿拉善左旗", "Alxa Left Banner"),
    ("152922", "阿拉善右旗", "Alxa Right Banner"), ("152923", "额济纳旗", "Ejin Banner"),
  ]

  static let indicators = IndicatorLabels([
    IndicatorLabel(
      key: "wrong_exit_rate",
      name: LocalizedText(zh: "错退率", en: "Wrong-exit rate"),
      limit: Limit(.atMost, 0.02)
    ),
    IndicatorLabel(
      key: "omission_rate",
      name: LocalizedText(zh: "漏评率", en: "Omission rate"),
      limit: Limit(.atMost, 0.02)
    ),
    IndicatorLabel(
      key: "exit_accuracy",
      name: LocalizedText(zh: "退出精准度", en: "Exit accuracy"),
      limit: Limit(.atLeast, 0.98)
    ),
    IndicatorLabel(
      key: "satisfaction",
      name: LocalizedText(zh: "群众认可度", en: "Approval of households"),
      limit: Limit(.atLeast, 0.9)
    ),
    IndicatorLabel(
      key: "industry",
      name: LocalizedText(zh: "产业就业帮扶措施覆盖率", en: "Industry and job measures received")
    ),
    IndicatorLabel(key: "education", name: LocalizedText(zh: "义务教育保障率", en: "Compulsory education secured")),
    IndicatorLabel(key: "income", name: LocalizedText(zh: "人均纯收入（元）", en: "Net income per person (yuan)")),
    IndicatorLabel(key: "class", name: LocalizedText(zh: "户类型占比", en: "Share of household class")),
  ])

  static let domains = DomainLabels(
    whole: LocalizedText(zh: "全区", en: "Whole region"),
    levels: [
      "league_code": LocalizedText(zh: "盟市", en: "League"),
      "county_code": LocalizedText(zh: "旗县", en: "County"),
    ],
    names: [
      "league_code": names(leagues), "county_code": names(counties),
    ]
  )

  private static func names(
    _ rows: [(code: String, zh: String, en: String)]
  ) -> [String: LocalizedText] {
    Dictionary(uniqueKeysWithValues: rows.map { ($0.code, LocalizedText(zh: $0.zh, en: $0.en)) })
  }

  static var estimates: [Estimate] {
    var out: [Estimate] = []
    let rates: [(key: String, base: Double, limit: Limit?)] = [
      ("wrong_exit_rate", 0.006, Limit(.atMost, 0.02)), ("omission_rate", 0.011, Limit(.atMost, 0.02)),
      ("exit_accuracy", 0.994, Limit(.atLeast, 0.98)), ("satisfaction", 0.93, Limit(.atLeast, 0.9)),
      ("industry", 0.71, nil), ("education", 0.985, nil), ("class=P2", 0.41, nil),
    ]
    var places: [(domain: [DomainValue], count: Int)] = [([], 42_318)]
    places += leagues.enumerated().map { ([DomainValue("league_code", $1.code)], 3_480 + 97 * $0) }
    places += counties.enumerated().map { index, county in
      ([DomainValue("county_code", county.code)], index == 7 ? 3 : index == 8 ? 0 : 390 + 31 * (index % 9))
    }
    for (index, place) in places.enumerated() {
      for (number, rate) in rates.enumerated() {
        out.append(
          Self.rate(
            rate.key,
            base: rate.base,
            limit: rate.limit,
            place: place,
            seed: index * 31 + number * 7
          )
        )
      }
      out.append(income(place, seed: index))
    }
    return out
  }

  private static func rate(
    _ key: String,
    base: Double,
    limit: Limit?,
    place: (domain: [DomainValue], count: Int),
    seed: Int
  ) -> Estimate {
    let n = place.count
    let distance = base > 0.5 ? 1 - base : base
    let wobble = Double((seed * 7_919 + 13) % 17) / 8.0
    let errors = Int((Double(n) * distance * (n > 1_000 ? 0.7 + 0.3 * wobble : wobble)).rounded())
    let p = n == 0 ? 0 : Double(errors) / Double(n)
    let isNearOne = base > 0.5
    guard n > 0 else {
      return Estimate(
        indicator: key,
        domain: place.domain,
        estimate: nil,
        standardError: nil,
        unweightedCount: 0,
        weightedCount: 0,
        events: nil,
        degreesOfFreedom: nil,
        domainDegreesOfFreedom: nil,
        designEffect: nil,
        isProportion: true,
        interval: nil,
        comparison: nil,
        oneSided: nil,
        verdict: nil,
        isWithinUnit: false,
        reason: .emptyDomain
      )
    }
    let deff = 1.2 + Double(seed % 11) / 10
    let error = (p * (1 - p) / Double(n) * deff).squareRoot()
    let spread = 2.1 * error + 1.2 / Double(n)
    let low = max(0, p - 1.7 * error)
    let high = min(1, p + spread + 0.004 * Double(seed % 3))
    func side(_ a: Double, _ b: Double) -> (Double, Double) { isNearOne ? (1 - b, 1 - a) : (a, b) }
    let (lower, upper) = side(low, high)
    let (oneLower, oneUpper) = side(low + (p - low) * 0.1, high - (high - p) * 0.1)
    let verdict = limit.map { limit -> Verdict in
      oneUpper < limit.value ? .shownBelow : oneLower > limit.value ? .shownAbove : .cannotTell
    }
    let isCounty = place.domain.first?.variable == "county_code"
    let isLonely = isCounty && seed % 37 == 5
    return Estimate(
      indicator: key,
      domain: place.domain,
      estimate: isNearOne ? 1 - p : p,
      standardError: error,
      unweightedCount: n,
      weightedCount: Double(n) * 37.21,
      events: isNearOne ? n - errors : errors,
      degreesOfFreedom: isLonely ? 0 : isCounty ? 23 : 640,
      domainDegreesOfFreedom: isCounty ? 23 : 640,
      designEffect: errors == 0 ? nil : deff,
      isProportion: true,
      interval: isLonely
        ? nil
        : Interval(
          method: isCounty ? "pooled" : "korn-graubard-floor",
          level: 0.95,
          lower: lower,
          upper: upper,
          effectiveSampleSize: Double(n) / deff,
          correlation: 0.031
        ),
      comparison: errors == 0
        ? nil : Interval(method: "logit", level: 0.95, lower: lower * 0.99, upper: min(1, upper * 1.01)),
      oneSided: isLonely ? nil : OneSidedBounds(level: 0.95, lower: oneLower, upper: oneUpper),
      verdict: isLonely ? nil : verdict,
      isWithinUnit: isCounty,
      reason: isLonely ? .noDegreesOfFreedom : nil
    )
  }

  private static func income(_ place: (domain: [DomainValue], count: Int), seed: Int) -> Estimate {
    let n = place.count
    let value = 11_873.4 + 310 * Double(seed % 13)
    let error = 4_000 / Double(max(n, 1)).squareRoot()
    return Estimate(
      indicator: "income",
      domain: place.domain,
      estimate: n == 0 ? nil : value,
      standardError: n == 0 ? nil : error,
      unweightedCount: n,
      weightedCount: Double(n) * 37.21,
      events: nil,
      degreesOfFreedom: n == 0 ? nil : 23,
      domainDegreesOfFreedom: nil,
      designEffect: n == 0 ? nil : 1.84,
      isProportion: false,
      interval: n == 0
        ? nil : Interval(method: "t", level: 0.95, lower: value - 2 * error, upper: value + 2 * error),
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: false,
      reason: n == 0 ? .emptyDomain : nil
    )
  }

  private static func digest(_ character: String) -> String {
    String(repeating: "\(character)4c1e9b07", count: 8).prefix(64).description
  }

  static var annex: AnnexInput {
    AnnexInput(
      title: LocalizedText(
        zh: "2018年度盟市扶贫成效第三方评估",
        en: "2018 third-party assessment of the leagues' poverty work"
      ),
      edition: LocalizedText(zh: "2023 年版统计用区划代码", en: "2023 edition of the statistical area codes"),
      date: "2018-12-20",
      stages: [
        AnnexStage(
          name: LocalizedText(zh: "第一阶段", en: "Stage 1"),
          unit: LocalizedText(zh: "旗县", en: "County"),
          strata: [LocalizedText(zh: "盟市", en: "League")],
          method: LocalizedText(zh: "分层简单随机抽样", en: "Stratified simple random sampling"),
          population: 103,
          sample: 36,
          reserves: 12
        ),
        AnnexStage(
          name: LocalizedText(zh: "第二阶段", en: "Stage 2"),
          unit: LocalizedText(zh: "行政村（嘎查）", en: "Village"),
          strata: [LocalizedText(zh: "贫困村标记", en: "Poor-village mark")],
          method: LocalizedText(zh: "按规模概率系统抽样", en: "Systematic with probability proportional to size"),
          population: 11_626,
          sample: 864,
          reserves: nil
        ),
        AnnexStage(
          name: LocalizedText(zh: "第三阶段", en: "Stage 3"),
          unit: LocalizedText(zh: "户", en: "Household"),
          strata: [LocalizedText(zh: "户类型", en: "Household class")],
          method: LocalizedText(zh: "简单随机抽样", en: "Simple random sampling"),
          population: nil,
          sample: 42_318,
          reserves: 4_320
        ),
      ],
      draw: AnnexDraw(
        protocolVersion: "mingcha-draw/1",
        group: "im-2018-yearend/households",
        secret: .commitment(digest("a")),
        receiptDigest: digest("b"),
        frames: [
          AnnexDigest(file: "frame/counties.csv", sha256: digest("c"), rows: 103),
          AnnexDigest(file: "frame/villages-synthetic.csv", sha256: digest("d"), rows: 11_626),
        ]
      ),
      response: response,
      weights: [
        AnnexWeights(
          scope: LocalizedText(zh: "全部完成户", en: "All completed households"),
          weights: (0..<500).map { 12.5 + Double($0 % 40) }
        )
      ].compactMap { $0 },
      estimates: estimates,
      indicators: indicators,
      domains: domains,
      degreesOfFreedom: 640,
      firstStageUnits: 36,
      strata: 12,
      varianceMethod: LocalizedText(
        zh: "分层多阶段泰勒线性化，各阶段计有限总体校正",
        en: "Stratified multistage Taylor linearization with fpc at every stage"
      ),
      lonelyUnits: .fail,
      correlations: [
        PooledCorrelation(indicator: "wrong_exit_rate", correlation: 0.0312, units: 36, events: 231),
        PooledCorrelation(indicator: "omission_rate", correlation: 0.0148, units: 36, events: 402),
      ],
      plannedCorrelation: 0.02,
      assumptions: [
        LocalizedText(
          zh: "退出精准度 = 1 − 错退率；条例没有给出公式。",
          en: "Exit accuracy = 1 − wrong-exit rate; the regulation gives no formula."
        ),
        LocalizedText(zh: "满意：五档中取前两档。", en: "Satisfied: the top two of five answers."),
      ],
      inputs: [
        AnnexDigest(file: "responses/households/2018-12-盟市汇总数据（最终版）.csv", sha256: digest("e"), rows: 42_318),
        AnnexDigest(file: "draws/households/receipt.json", sha256: digest("f")),
      ],
      software: "mingcha 0.1.0"
    )
  }

  private static var response: AnnexResponse {
    func row(_ name: LocalizedText, _ scale: Int) -> AnnexResponse.Row {
      AnnexResponse.Row(
        name: name,
        selected: 40 * scale,
        respondents: 37 * scale,
        nonrespondents: ["2": scale / 3, "3": scale, "5": scale / 5, "6": scale / 4, "8": 0],
        replaced: scale / 2,
        rate: 0.925,
        weightedRate: 0.931
      )
    }
    return AnnexResponse(
      level: LocalizedText(zh: "盟市", en: "League"),
      rows: leagues.enumerated().map { row(LocalizedText(zh: $1.zh, en: $1.en), 80 + 3 * $0) },
      total: row(LocalizedText(zh: "合计", en: "Total"), 1_152),
      codes: [
        ("2", LocalizedText(zh: "在家但无合适回答人", en: "no able respondent")),
        ("3", LocalizedText(zh: "长期外出", en: "away for long")), ("5", LocalizedText(zh: "拒访", en: "refused")),
        ("6", LocalizedText(zh: "空置", en: "vacant")), ("8", LocalizedText(zh: "未找到", en: "not found")),
      ]
    )
  }
}
