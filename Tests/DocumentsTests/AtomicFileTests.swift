import Documents
import Glibc
import Testing

@Suite struct AtomicFileTests {
  @Test("a new file holds the bytes and nothing else is left in the folder")
  func writes() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write([1, 2, 3], to: "\(folder.path)/a", overwrite: false)
    #expect(read("\(folder.path)/a") == [1, 2, 3])
    #expect(folder.names == ["a"])
  }

  @Test("a file that is there is kept unless overwriting was asked for")
  func keeps() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a"
    try AtomicFile.write([1], to: path, overwrite: false)
    #expect(throws: WritingError.exists(path: path)) {
      try AtomicFile.write([2], to: path, overwrite: false)
    }
    #expect(read(path) == [1] && WritingError.exists(path: path).exitStatus == 73)
    try AtomicFile.write([2], to: path, overwrite: true)
    #expect(read(path) == [2] && folder.names == ["a"])
  }

  @Test("a file made while ours is being written is not replaced")
  func race() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a"
    #expect(throws: WritingError.exists(path: path)) {
      try AtomicFile.withAtomicPath(path, overwrite: false) { (_) throws(WritingError) in
        try AtomicFile.write([9], to: path, overwrite: false)
      }
    }
    #expect(read(path) == [9] && folder.names == ["a"])
  }

  @Test("a symbolic link is refused and what it points to is left alone", arguments: [false, true])
  func link(overwrite: Bool) throws {
    let folder = try ScratchFolder()
    try AtomicFile.write([1], to: "\(folder.path)/a", overwrite: false)
    #expect(symlink("\(folder.path)/a", "\(folder.path)/b") == 0)
    let path = "\(folder.path)/b"
    #expect(throws: WritingError.symbolicLink(path: path)) {
      try AtomicFile.write([2], to: path, overwrite: overwrite)
    }
    #expect(read("\(folder.path)/a") == [1] && folder.names == ["a", "b"])
  }

  @Test("a full disk is a failed write with exit 74")
  func full() {
    #expect {
      try AtomicFile.write([1], to: "/dev/full", overwrite: false)
    } throws: { error in
      guard let error = error as? WritingError, case .failed(_, "write", _) = error else { return false }
      return error.exitStatus == 74
    }
  }

  @Test("a body that fails leaves the old file and no temporary one")
  func bodyFails() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a"
    try AtomicFile.write([1], to: path, overwrite: false)
    let error = WritingError.failed(path: path, step: "x", reason: "y")
    #expect(throws: error) {
      try AtomicFile.withAtomicPath(path, overwrite: true) { (_) throws(WritingError) in throw error }
    }
    #expect(read(path) == [1] && folder.names == ["a"])
  }

  @Test("a folder as target and a folder that is not there cannot be created, exit 73")
  func folders() throws {
    let folder = try ScratchFolder()
    #expect(throws: WritingError.isFolder(path: folder.path)) {
      try AtomicFile.write([1], to: folder.path, overwrite: true)
    }
    #expect {
      try AtomicFile.write([1], to: "\(folder.path)/no/a", overwrite: false)
    } throws: { ($0 as? WritingError)?.exitStatus == 73 }
  }

  @Test("when one of several files is in the way, none is written")
  func severalFiles() throws {
    let folder = try ScratchFolder()
    let document = Document(
      title: "t",
      language: .english,
      blocks: [.table(hostileTable), .table(hostileTable)]
    )
    try AtomicFile.write([1], to: "\(folder.path)/a-rates-2.csv", overwrite: false)
    #expect(throws: WritingError.exists(path: "\(folder.path)/a-rates-2.csv")) {
      try CSVWriter().write(document, to: "\(folder.path)/a.csv", overwrite: false)
    }
    #expect(folder.names == ["a-rates-2.csv"])
  }

  @Test("every writer writes a document, says the path, and leaves no temporary file")
  func writers() throws {
    let document = Document(title: "t", language: .chinese, blocks: [.table(hostileTable)])
    for writer in Writers.all {
      let folder = try ScratchFolder()
      let path = "\(folder.path)/a.\(writer.suffix)"
      #expect(try writer.write(document, to: path, overwrite: false) == [path])
      #expect(folder.names == ["a.\(writer.suffix)"] && !read(path).isEmpty)
      #expect(Writers.named(writer.name)?.suffix == writer.suffix)
    }
  }
}
