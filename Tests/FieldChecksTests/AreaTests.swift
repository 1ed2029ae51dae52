import FieldChecks
import SurveyData
import Testing

@Suite struct AreaTests {
  static func codes() throws -> AreaCodes {
    AreaCodes(editions: [
      try AreaEdition(
        name: "2018",
        table: textTable("code,name_zh\n150100,甲市\n150121,子旗\n150121100,东镇\n150121501,农场\n150122,丑旗\n150122100,南镇\n")
      ),
      try AreaEdition(
        name: "2023",
        table: textTable(
          "code,name_zh\n150100,甲市\n150121,子旗\n150121100,东镇\n150121101,农场镇\n150121100201,团结村委会\n150121100202,胜利嘎查村委会\n"
            + "150121101200,农场村委会\n150122,丑旗\n150122100,南镇\n150122100200,团结村委会\n150122103,北镇\n"
        )
      ),
    ])
  }

  @Test("an unknown code gets the nearest one: by name within the township, by digits otherwise")
  func suggestions() throws {
    var settings = CheckSettings()
    settings.areaEdition = "2023"
    let frame = CheckedSource(
      name: "villages",
      kind: .frame,
      tables: [
        textTable(
          "code,name_zh,township_code\n150121100201,团结村委会,150121100\n150121100299,胜利村委会,150121100\n150121100203,无名,150121100\n"
        )
      ],
      id: "code"
    )
    let problems = Checked([frame], settings: settings, areas: try Self.codes()).problems("area-unknown")
    #expect(problems.map(\.row) == [3, 4])
    #expect(problems[0].message.en.contains("150121100202"), "the same name but for its ending")
    #expect(problems[1].message.en.contains("15012110020"), "\(problems[1].message.en)")
  }

  @Test("a code of another edition is named with its edition, a column of both is a mixture")
  func editions() throws {
    var settings = CheckSettings()
    settings.areaEdition = "2023"
    let source = CheckedSource.responses("household,township_code\na,150121501\nb,150122103\nc,150121100\n")
    let checked = Checked([source], settings: settings, areas: try Self.codes())
    #expect(checked.rows("area-unknown") == [2])
    #expect(checked.problems("area-unknown")[0].message.en.contains("2018"))
    #expect(checked.problems("area-unknown")[0].message.en.contains("150121101"), "农场 became 农场镇")
    #expect(checked.problems("area-edition").count == 1)
    #expect(checked.problems("area-edition")[0].message.en.contains("150122103"))
  }

  @Test("villages of an edition that lists townships only are known by their township")
  func depth() throws {
    let edition = try #require(try Self.codes().editions.first)
    #expect(edition.knows("150121100999"))
    #expect(!edition.knows("150121999001"))
  }

  @Test("a village outside its township, a county outside its league, a code that lost its zero")
  func parents() {
    let checked = Checked([
      .responses(
        "household,village_code,township_code,county_code,league_code\n"
          + "a,150121100201,150121100,150121,150100\nb,150121100201,150122100,150121,150100\n"
          + "c,150121100201,150121100,150121,150200\nd,150121100202,150121100,150121,150100\ne,50121100202,150121100,150121,150100\n"
          + "f,150121100203,150121100,150121,150100\ng,150121100204,150121100,150121,150100\nh,150121100205,150121100,150121,150100\n"
          + "i,150121100206,150121100,150121,150100\nj,150121100207,150121100,150121,150100\n"
      )
    ])
    #expect(Set(checked.rows("area-parent")) == [3, 4])
    #expect(checked.rows("area-form") == [6])
    #expect(checked.problems("area-form")[0].message.en.contains("050121100202"))
  }
}
