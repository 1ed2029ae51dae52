import CCrypto

/// Tickets of ids held as bytes: one compression each, from the state after the key.
///
/// Every SHA-256 padding of key and id is one block as long as the id has at most 55 bytes.
struct TicketMaker {
  private let key: DrawKey
  private let state: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
  private var context = SHA256_CTX()
  private var block: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)

  init(_ key: DrawKey) {
    self.key = key
    state = key.chainingState
  }

  /// The ticket's first 16 hex digits as a number.
  mutating func head(of id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard id.count <= 55 else { return key.ticket(UnsafeRawBufferPointer(id)).head }
    compress(id)
    return UInt64(context.h.0) &<< 32 | UInt64(context.h.1)
  }

  /// The ticket.
  mutating func ticket(of id: UnsafeBufferPointer<UInt8>) -> Digest {
    guard id.count <= 55 else { return key.ticket(UnsafeRawBufferPointer(id)) }
    compress(id)
    return held
  }

  /// The whole ticket of the id last asked for by ``head(of:)``.
  func last(of id: UnsafeBufferPointer<UInt8>) -> Digest {
    id.count <= 55 ? held : key.ticket(UnsafeRawBufferPointer(id))
  }

  private var held: Digest {
    let words = context.h
    return Digest(
      head: UInt64(words.0) &<< 32 | UInt64(words.1),
      second: UInt64(words.2) &<< 32 | UInt64(words.3),
      third: UInt64(words.4) &<< 32 | UInt64(words.5),
      fourth: UInt64(words.6) &<< 32 | UInt64(words.7)
    )
  }

  /// Compresses the one block that the id makes with its padding: a bit, zeros, the length in bits.
  private mutating func compress(_ id: UnsafeBufferPointer<UInt8>) {
    let count = id.count
    block = (0, 0, 0, 0, 0, 0, 0, UInt64((64 + count) &* 8).bigEndian)
    context.h = state
    withUnsafeMutableBytes(of: &block) { block in
      guard let base = block.baseAddress else { return }
      if let id = id.baseAddress { base.copyMemory(from: id, byteCount: count) }
      base.storeBytes(of: 0x80, toByteOffset: count, as: UInt8.self)
      SHA256_Transform(&context, base.assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension DrawKey {
  /// The first 16 hex digits of the tickets of many ids, all of one length, which stand one behind the other.
  package func ticketHeads(_ ids: [UInt8], length: Int) -> [UInt64] {
    var maker = TicketMaker(self)
    return ids.withUnsafeBufferPointer { ids in
      stride(from: 0, through: ids.count - length, by: max(1, length)).map {
        maker.head(of: UnsafeBufferPointer(rebasing: ids[$0..<$0 + length]))
      }
    }
  }
}
