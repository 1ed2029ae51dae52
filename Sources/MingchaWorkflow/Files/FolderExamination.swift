// Foundation is here for its JSON coder alone.
internal import Documents
import Foundation
internal import SurveyData
internal import TabularFiles

/// What is found of a survey folder's own order: leftovers of runs that were killed, the lock, the age of results.
package struct FolderExamination: Sendable {
  /// A temporary file or folder.
  package struct Leftover: Sendable {
    /// Relative to the folder.
    package var name: String
    /// A process that may still be writing it.
    package var writer: Int32?
  }

  /// An input as a result names it by its digest.
  package struct Input: Sendable {
    package var result: String
    package var input: String
    package var state: InputState
  }

  package enum InputState: String, Sendable {
    case same, changed, missing
  }

  package var leftovers: [Leftover] = []
  /// The leftovers that nobody writes any more were removed.
  package var isCleared = false
  /// Process, host and time of a run that holds the folder.
  package var holder: String?
  /// The same of a run that ended while it held it.
  package var interrupted: String?
  package var inputs: [Input] = []

  /// Results in which no input has changed, and those of which one has.
  package var currentResults: [String] { results { $0 == .same } }
  package var staleResults: [String] { results { $0 != .same }.sorted() }

  private func results(_ isOf: (InputState) -> Bool) -> [String] {
    var seen: [String] = []
    for input in inputs where !seen.contains(input.result) {
      let states = inputs.filter { $0.result == input.result }.map(\.state)
      if isOf(states.first { $0 != .same } ?? .same) { seen.append(input.result) }
    }
    return seen
  }
}

/// Looks after a survey folder, and clears what killed runs left over.
///
/// - Parameters:
///   - path: of the folder.
///   - clears: removes temporary files whose writer has ended; nothing else is ever removed.
/// - Throws: an `InputRefusal` where there is no survey folder, a `WritingError` where a leftover cannot be removed.
package func examineFolder(_ path: String, clears: Bool) throws -> FolderExamination {
  let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  _ = try readBytes(folder + "/survey.yaml")
  var found = FolderExamination()
  var lock: FolderLock?
  if clears {
    do {
      lock = try FolderLock(folder: folder, wait: 0) { _ in }
      found.interrupted = lock?.interrupted
    } catch {
      found.holder = error.findings.first?.value ?? "?"
    }
  } else {
    let words = FolderLock.look(folder)
    if words.isHeld { found.holder = words.text } else if !words.text.isEmpty { found.interrupted = words.text }
  }
  collect(folder, prefix: "", into: &found.leftovers)
  // A writer on another machine is not among the processes of this one: with the lock held, everything may be in use.
  if clears, found.holder == nil {
    for leftover in found.leftovers where leftover.writer == nil {
      let place = folder + "/" + leftover.name
      if isFolder(place) { NewFolder.removeTree(place) } else { unlink(place) }
    }
    found.isCleared = true
  }
  for name in folderEntries(folder + "/results") where name.hasSuffix(".json") {
    guard let bytes = try? readBytes(folder + "/results/" + name),
      let result = try? JSONDecoder().decode(ResultInputs.self, from: Data(bytes))
    else { continue }
    for input in result.inputs {
      let digest = fileDigest(folder + "/" + input.file)
      found.inputs.append(
        FolderExamination.Input(
          result: "results/" + name,
          input: input.file,
          state: digest == nil ? .missing : digest == input.sha256 ? .same : .changed
        )
      )
    }
  }
  withExtendedLifetime(lock) {}
  return found
}

private struct ResultInputs: Decodable {
  struct Input: Decodable {
    var file: String
    var sha256: String
  }

  var inputs: [Input]
}

/// Finds what has a ``TemporaryName``; links are not followed.
private func collect(_ folder: String, prefix: String, into found: inout [FolderExamination.Leftover]) {
  for name in folderEntries(folder) {
    let place = folder + "/" + name
    if TemporaryName.fits(name) {
      let process = TemporaryName.process(in: name)
      let isThere = process.map(isRunning) ?? false
      found.append(FolderExamination.Leftover(name: prefix + name, writer: isThere ? process : nil))
      continue
    }
    var status = stat()
    if lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      collect(place, prefix: prefix + name + "/", into: &found)
    }
  }
}

/// Whether a process is there and not merely waiting to be buried.
private func isRunning(_ process: Int32) -> Bool {
  guard process > 0, process != getpid(), kill(process, 0) == 0 || errno == EPERM else { return false }
  var place = [CChar](repeating: 0, count: 4_096)
  return readlink("/proc/\(process)/exe", &place, place.count) >= 0 || errno != ENOENT
}
