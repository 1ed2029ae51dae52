package import SurveyData

/// What a column means to a rule, whatever it is called in a file.
///
/// `checks: {roles: {interviewer: [enumerator, 访员]}}` names further columns; the first that a file has is taken.
package enum CheckedRole: String, Sendable, CaseIterable {
  case identity
  case personName = "person-name"
  case telephone, address, latitude, longitude
  case village, township, county, league, household
  case classCode = "class"
  case interviewer, start, end, minutes, reason
  case replacedBy = "replaced-by"
  case replaces
  case income, cause, age, birth, gender, health, disability, labour, schooling, relation
  case workMonths = "work-months"
  case wageIncome = "wage-income"
  case helperIdentity = "helper-identity"
  case exitYear = "exit-year"
  case water, education, housing
  case weight

  /// The names under which registers, forms and tablets usually have it.
  package var usualNames: [String] {
    switch self {
    case .identity: ["id_card", "idcard", "identity", "身份证号", "身份证号码", "证件号码", "公民身份号码"]
    case .personName: ["person_name", "head_name", "respondent_name", "姓名", "户主姓名", "成员姓名", "户主"]
    case .telephone: ["telephone", "phone", "mobile", "tel", "电话", "联系电话", "手机", "手机号", "手机号码"]
    case .address: ["address", "家庭住址", "住址", "地址"]
    case .latitude: ["latitude", "lat", "gps_latitude", "gps-Latitude", "_gps_latitude", "_geolocation_latitude", "纬度"]
    case .longitude:
      ["longitude", "lon", "lng", "gps_longitude", "gps-Longitude", "_gps_longitude", "_geolocation_longitude", "经度"]
    case .village: ["village_code", "village", "村代码", "行政村代码", "嘎查村代码"]
    case .township: ["township_code", "township", "乡镇代码", "苏木乡镇代码"]
    case .county: ["county_code", "county", "旗县代码", "县代码"]
    case .league: ["league_code", "league", "盟市代码"]
    case .household: ["household", "household_id", "synthetic_household", "hhid", "户编号", "户编码"]
    case .classCode: ["class", "household_class", "synthetic_class", "户类型", "类别"]
    case .interviewer: ["interviewer", "enumerator", "interviewer_id", "enumerator_id", "访员", "调查员", "访员编号"]
    case .start: ["start", "start_time", "started", "开始时间"]
    case .end: ["end", "end_time", "ended", "结束时间"]
    case .minutes: ["minutes", "duration_minutes", "访问分钟"]
    case .reason: ["reason", "replacement_reason", "替换原因", "原因"]
    case .replacedBy: ["replaced_by", "替换为"]
    case .replaces: ["replaces", "代替", "被替换户"]
    case .income: ["income_per_head", "net_income_per_head", "家庭人均纯收入", "人均纯收入"]
    case .cause: ["cause", "main_cause", "synthetic_cause", "致贫原因", "主要致贫原因"]
    case .age: ["age", "年龄"]
    case .birth: ["birth_date", "date_of_birth", "出生日期"]
    case .gender: ["gender", "sex", "性别"]
    case .health: ["health", "健康状况"]
    case .disability: ["disability", "disabled", "残疾", "是否残疾"]
    case .labour: ["labour_ability", "labour", "劳动技能", "劳动能力"]
    case .schooling: ["schooling", "school_stage", "在校生状况", "在校情况"]
    case .relation: ["relation", "relation_to_head", "与户主关系"]
    case .workMonths: ["work_months", "务工时间", "务工月数"]
    case .wageIncome: ["wage_income", "工资性收入"]
    case .helperIdentity: ["helper_id_card", "helper_identity", "帮扶责任人身份证号", "帮扶人身份证号"]
    case .exitYear: ["exit_year", "synthetic_exit_year", "脱贫年度", "脱贫年份"]
    case .water: ["water", "water_problem", "饮水"]
    case .education: ["education", "drop_out", "义务教育"]
    case .housing: ["housing", "house_safety", "住房安全", "住房等级"]
    case .weight: ["weight"]
    }
  }

  /// Whether its values identify a person by themselves, or nearly so.
  package var isPrivate: Bool {
    switch self {
    case .identity, .personName, .telephone, .address, .latitude, .longitude, .helperIdentity: true
    default: false
    }
  }
}

/// The names by which the columns of one survey are found.
package struct CheckedRoles: Sendable {
  private let names: [CheckedRole: [String]]

  /// - Parameter given: names that the survey file adds; they go before the usual ones.
  package init(_ given: [CheckedRole: [String]] = [:]) {
    var names = [CheckedRole: [String]]()
    for role in CheckedRole.allCases { names[role] = (given[role] ?? []) + role.usualNames }
    self.names = names
  }

  /// The first column of a table that has the role.
  package func column(_ role: CheckedRole, in table: Table) -> Column? {
    for name in names[role] ?? [] { if let column = table[name] { return column } }
    return nil
  }

  /// Every column of a table that has the role.
  package func columns(_ role: CheckedRole, in table: Table) -> [Column] {
    (names[role] ?? []).compactMap { table[$0] }
  }

  package func has(_ role: CheckedRole, _ name: String) -> Bool { names[role]?.contains(name) ?? false }
}
