import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private func receipt() throws -> Receipt {
  let frame = bannerFrame()
  let drawn = try draw(stages: [(countyPlan, frame)], seed: Seed(declared: strongSeed), group: "test/range")
  return try Receipt(of: drawn, frames: [ReceiptFrame(whole: frame)], toolVersion: "0")
}

private func codes(_ change: (inout Receipt) -> Void) throws -> [String] {
  var receipt = try receipt()
  change(&receipt)
  let bytes = try receipt.json()
  return refusals { _ = try Receipt(json: bytes) }
}

@Test("a receipt with a number that no draw has written is refused when it is read, all of them at once")
func impossibleNumbers() throws {
  #expect(try codes { _ in }.isEmpty)
  #expect(try codes { $0.attempt = Int(Int32.max) }.isEmpty)
  for attempt in [0, -1, 1 << 31, Int.max, Int.min] {
    #expect(try codes { $0.attempt = attempt } == ["receipt-range"])
  }
  for shift in [-1, 1, 5, 1e300] {
    #expect(try codes { $0.stages[0].plan.rotation = shift } == ["receipt-range"])
  }
  for count in [-1, Int.min, Int.max] {
    #expect(try codes { $0.stages[0].cells?[0].sample = count } == ["receipt-range"])
    #expect(try codes { $0.stages[0].cells?[1].population = count } == ["receipt-range"])
    #expect(try codes { $0.inputs[0].rows = count } == ["receipt-range"])
  }
  let many = try codes { receipt in
    receipt.attempt = 0
    receipt.inputs[0].unitsKept = -3
    receipt.stages[0].cells?[2].reserves = -1
    receipt.stages[0].plan.rotation = -0.5
  }
  #expect(many == Array(repeating: "receipt-range", count: 4))
}

@Test("the finding names the place of the number and its range")
func rangeMessage() throws {
  var altered = try receipt()
  altered.stages[0].cells?[1].sample = -7
  let bytes = try altered.json()
  do {
    _ = try Receipt(json: bytes, file: "before.json")
    Issue.record("the receipt was read")
  } catch {
    #expect(error.findings[0].column == "stages[0].cells[1].sample" && error.findings[0].value == "-7")
    #expect(error.findings[0].file == "before.json" && error.findings[0].message.en.contains("less than 2147483648"))
  }
}
