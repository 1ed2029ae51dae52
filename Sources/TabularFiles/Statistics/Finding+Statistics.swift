internal import CReadStat
internal import SurveyData

extension StatisticsKind {
  /// What files of this kind are called.
  var title: String {
    switch self {
    case .spss: "SPSS (.sav)"
    case .spssPortable: "SPSS (.por)"
    case .stata: "Stata (.dta)"
    case .sas: "SAS (.sas7bdat)"
    case .sasTransport: "SAS (.xpt)"
    }
  }
}

extension Finding {
  /// What ReadStat's verdict means to the user.
  static func statisticsFile(_ verdict: readstat_error_t, kind: StatisticsKind, file: String) -> Finding {
    let again = LocalizedText(
      zh: "请重新复制或导出；来源程序能打开时可另存为 .csv 或 .xlsx。",
      en: "Copy or export it again; if its own program opens it, save it as .csv or .xlsx."
    )
    switch verdict {
    case READSTAT_ERROR_READ, READSTAT_ERROR_ROW_COUNT_MISMATCH, READSTAT_ERROR_SEEK:
      return Finding(
        "file-truncated",
        file: file,
        message: LocalizedText(
          zh: "\(kind.title) 文件不完整：在预告的内容之前结束。",
          en: "is not whole: this \(kind.title) file ends before all that it announces."
        ),
        fix: again
      )
    case READSTAT_ERROR_UNSUPPORTED_FILE_FORMAT_VERSION:
      return Finding(
        "format-version",
        file: file,
        message: LocalizedText(
          zh: "是不能读取的 \(kind.title) 版本。",
          en: "is of a version of \(kind.title) that cannot be read."
        ),
        fix: kind == .stata
          ? LocalizedText(
            zh: "请在 Stata 中用 saveold 存为第 14 版格式（118）。",
            en: "Save it in Stata by saveold as version 14 (format 118)."
          )
          : again
      )
    case READSTAT_ERROR_UNSUPPORTED_COMPRESSION:
      return Finding(
        "format-compression",
        file: file,
        message: LocalizedText(zh: "的压缩方式不能读取。", en: "is compressed in a way that cannot be read."),
        fix: again
      )
    case READSTAT_ERROR_UNSUPPORTED_CHARSET:
      return unknownCharset(nil, file: file)
    default:
      let reason = String(cString: readstat_error_message(verdict))
      return Finding(
        "file-damaged",
        file: file,
        message: LocalizedText(
          zh: "\(kind.title) 文件已损坏（\(reason)）。",
          en: "is damaged: as a \(kind.title) file it cannot be read (\(reason))."
        ),
        fix: again
      )
    }
  }

  static func unknownCharset(_ charset: String?, file: String) -> Finding {
    Finding(
      "encoding-unknown",
      file: file,
      value: charset,
      message: LocalizedText(zh: "声明的字符编码无法识别。", en: "declares a character set that is not known."),
      fix: LocalizedText(
        zh: "请在来源程序中以 Unicode（UTF-8）另存。",
        en: "Save it in its own program as Unicode (UTF-8)."
      )
    )
  }

  /// In which charset a file was read that did not say so, or said another.
  static func readAs(_ charset: String, code: String, file: String, declared: String? = nil) -> Finding {
    let said = declared.map { LocalizedText(zh: "（文件声明 \($0)）", en: " (it declares \($0))") }
    return Finding(
      code,
      severity: .note,
      file: file,
      message: LocalizedText(
        zh: "文字按 \(charset) 读取\(said?.zh ?? "")。",
        en: "has texts that were read as \(charset)\(said?.en ?? "")."
      ),
      fix: LocalizedText("")
    )
  }

  /// Some texts are UTF-8 and some are not.
  static func mixedTexts(_ evidence: EncodingEvidence, _ raw: RawDictionary, file: String) -> Finding {
    let odd = evidence.odd
    let bytes = odd?.bytes ?? []
    let chinese = CellDecoder("GB18030")?.text(bytes) ?? "?"
    let variable = odd.flatMap { raw.variables.indices.contains($0.variable) ? raw.variables[$0.variable].name : nil }
    return Finding(
      "encoding-mixed",
      file: file,
      row: odd.flatMap { $0.row > 0 ? $0.row : nil },
      column: variable.map { String(decoding: $0, as: UTF8.self) },
      value: TextDecoding.hexadecimal(bytes, at: bytes.firstIndex { $0 >= 0x80 } ?? 0),
      message: LocalizedText(
        zh: "编码与其余文字不一致：其余为 UTF-8，此处按 GB18030 读作“\(chinese)”。",
        en: "is in another encoding than the rest, which is UTF-8: as GB18030 it reads \"\(chinese)\"."
      ),
      fix: LocalizedText(
        zh: "请在来源程序中以 Unicode（UTF-8）另存整个文件。",
        en: "Save the whole file in its own program as Unicode (UTF-8)."
      )
    )
  }

  /// A text that is none in the file's charset.
  static func undecodable(_ bytes: UnsafeBufferPointer<UInt8>, _ charset: String, at place: CellPlace) -> Finding {
    let all = Array(bytes.prefix(200))
    let reading = charset == "GB18030" ? nil : CellDecoder("GB18030").map { $0.text(all) }
    return Finding(
      "encoding-invalid",
      file: place.file,
      row: place.row,
      column: place.column,
      value: TextDecoding.hexadecimal(all, at: all.firstIndex { $0 >= 0x80 } ?? 0),
      message: LocalizedText(
        zh: "不是有效的 \(charset)" + (reading.map { "：按 GB18030 读作“\($0)”。" } ?? "。"),
        en: "is no valid \(charset)" + (reading.map { ": as GB18030 it reads \"\($0)\"." } ?? ".")
      ),
      fix: LocalizedText(
        zh: "请在来源程序中以 Unicode（UTF-8）另存，或用 mingcha convert --encoding 指明编码。",
        en: "Save it in its own program as Unicode (UTF-8), or name the encoding by mingcha convert --encoding."
      )
    )
  }

  static func note(_ code: String, file: String, column: String? = nil, value: String? = nil, _ message: LocalizedText)
    -> Finding
  {
    Finding(
      code,
      severity: .note,
      file: file,
      column: column,
      value: value,
      message: message,
      fix: LocalizedText("")
    )
  }
}
