internal import Glibc

/// Converts whole texts between encodings with the C library's `iconv`.
enum CharacterConversion {
  /// The converted bytes, or the offset of the first byte that cannot be converted.
  static func convert(
    _ bytes: ArraySlice<UInt8>,
    from: String,
    to: String
  ) -> Result<[UInt8], ConversionFailure> {
    let descriptor = iconv_open(to, from)
    guard descriptor != iconv_t(bitPattern: -1), let descriptor else {
      return .failure(ConversionFailure(offset: 0))
    }
    defer { iconv_close(descriptor) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count * 3 / 2 + 64)
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var input = Array(bytes)
    let total = input.count
    var failure: ConversionFailure?
    input.withUnsafeMutableBytes { input in
      guard let start = input.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
      var cursor: UnsafeMutablePointer<CChar>? = start
      var left = total
      while left > 0, failure == nil {
        let capacity = piece.count
        piece.withUnsafeMutableBytes { buffer in
          var target: UnsafeMutablePointer<CChar>? = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
          var room = capacity
          let result = iconv(descriptor, &cursor, &left, &target, &room)
          if result == -1, errno != E2BIG { failure = ConversionFailure(offset: total - left) }
          // A count above zero tells of characters that were replaced, which is a loss.
          if result > 0, result != -1 { failure = ConversionFailure(offset: total - left) }
          output += buffer[..<(capacity - room)]
        }
      }
    }
    if let failure { return .failure(failure) }
    return .success(output)
  }
}

struct ConversionFailure: Error {
  /// Where in the input the first inconvertible byte stands.
  let offset: Int
}
