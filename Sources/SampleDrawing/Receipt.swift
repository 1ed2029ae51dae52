package import SurveyDesign

/// The record from which a stranger repeats a draw, and which shows when somebody altered it.
///
/// Sealed, it holds nothing from which the list could be found: no seed, key, ticket or unit drawn, and no
/// stratum below the first stage, because those bear the names of drawn units. Revealed, it holds all.
package struct Receipt: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable {
    case sealed
    case revealed
  }

  /// One input file as it was when the draw was made.
  package struct Input: Codable, Sendable, Equatable {
    /// The stage that drew from it.
    package var stage: String
    package var file: String
    /// SHA-256 of the file's bytes, where there is one file.
    package var fileDigest: String?
    /// SHA-256 of the canonical frame, before any filter (protocol §6).
    package var frameDigest: String
    package var rows: Int
    /// The rows left by the filter: those the draw saw.
    package var unitsKept: Int
    /// The filter as written in the survey file.
    package var filter: String?
    /// Every change that reading made to a value.
    package var changes: [String]
  }

  package struct Stage: Codable, Sendable, Equatable {
    package var plan: StagePlan
    /// The strata: all when revealed; sealed, those of the first stage only.
    package var cells: [Cell]?
    /// The draw key; only when revealed.
    package var key: String?
    /// The earlier draws whose units are left out.
    package var exclusions: [Excluded]?
    /// The population for which the weights speak where units are left out.
    package var weights: WeightsPopulation?
  }

  /// What was asked and taken in one stratum.
  package struct Cell: Codable, Sendable, Equatable {
    package var parent: String?
    package var stratum: [String]
    /// N, with the units that are excluded.
    package var population: Int
    /// Units of earlier draws that are left out; absent where there are none, and from a sealed receipt where
    /// their number would tell something of an earlier list.
    package var excluded: Int?
    /// X.
    package var sizeTotal: UInt64?
    package var sizeZero: Int
    /// n; absent from a sealed receipt where the method leaves it to chance.
    package var sample: Int?
    package var reserves: Int
    package var certainties: Int
    /// How many units were declared to be taken with certainty, where there are any.
    package var mustInclude: Int?
    /// How many draws a method with replacement made.
    package var draws: Int?
    /// Which probability the weights use, where the method only comes near to n·x/X.
    package var probability: ProbabilityBasis?
    package var nothingLeftToChance: Bool
    /// Selected units in visiting order; only when revealed.
    package var selected: [Ticketed]?
    /// Reserves in their order; only when revealed.
    package var reserve: [Ticketed]?
  }

  /// A drawn unit with the number that drew it.
  package struct Ticketed: Codable, Sendable, Equatable {
    package var id: String
    package var ticket: String
  }

  /// What the seed was; only when revealed.
  package struct Revealed: Codable, Sendable, Equatable {
    package var seed: String
    package var contributions: [String]
    /// SHA-256 of the list's canonical text.
    package var listDigest: String
    /// SHA-256 of the canonical text of the probabilities of pairs, where the draw has any.
    package var jointDigest: String?
  }

  package var protocolVersion: Int
  package var toolVersion: String
  package var state: State
  package var survey: String?
  package var group: String
  /// Every attempt has a number and names the receipt before it, so that a repeated draw shows.
  package var attempt: Int
  package var previousReceipt: String?
  /// The earlier rounds that share seed, group and stage: the digests of their receipts' sealed forms.
  package var series: [String]?
  /// Why a seed was used that an earlier receipt had made public.
  package var publicSeedReason: String?
  /// The receipt of the draw of the first stages from which this one goes on: the digest of its sealed form.
  package var continues: String?
  /// The last chain value of the log of lists made on arrival.
  package var arrivals: String?
  /// When, as told by whoever called; no clock is read.
  package var date: String?
  package var inputs: [Input]
  /// The commitment to the seed text (protocol §1).
  package var seedCommitment: String
  package var contributionCommitments: [String]
  /// Why a seed below 128 bits was accepted.
  package var weakSeedReason: String?
  package var stages: [Stage]
  /// A digest of seed and list together: without the seed nobody can try out lists against it.
  package var listCommitment: String
  package var revealed: Revealed?
  /// What makes it the receipt of a further wave of reserves.
  package var wave: Wave?

  /// The current version of the draw protocol.
  package static let currentProtocol = 1
}
