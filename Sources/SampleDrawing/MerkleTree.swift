/// The root of a hash tree over leaves that arrive one by one.
///
/// Formula: leaf SHA-256(0x00 ‖ d), node SHA-256(0x01 ‖ left ‖ right), split at the largest power of two
/// below the size; no leaves: SHA-256 of nothing. Source: RFC 9162 §2.1.1.
package struct MerkleTree: Sendable {
  /// Roots of the full subtrees so far, the largest first.
  private var roots: [Digest] = []
  /// How many leaves there are: it is published with the root.
  package private(set) var size = 0

  /// A tree without leaves.
  package init() {}

  /// Adds the next leaf, in the order of the canonical frame.
  package mutating func append(leaf: [UInt8]) {
    var stream = DigestStream()
    stream.update([0])
    stream.update(leaf)
    var root = stream.finished
    // As many full subtrees join as the size has trailing one bits.
    var bits = size
    while bits & 1 == 1, let left = roots.popLast() {
      root = MerkleTree.node(left, root)
      bits >>= 1
    }
    roots.append(root)
    size += 1
  }

  /// The hash that stands for all leaves so far.
  package var root: Digest {
    guard var root = roots.last else { return Digest(of: [UInt8]()) }
    for left in roots.dropLast().reversed() { root = MerkleTree.node(left, root) }
    return root
  }

  private static func node(_ left: Digest, _ right: Digest) -> Digest {
    Digest(of: [1] + left.bytes + right.bytes)
  }
}
