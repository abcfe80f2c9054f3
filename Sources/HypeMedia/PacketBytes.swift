import Synchronization

/// A run of immutable bytes inside a chunk that it keeps alive.
package struct PacketBytes: Sendable {
    private let chunk: PacketChunk
    private let offset: Int
    /// Number of bytes.
    package let count: Int

    fileprivate init(chunk: PacketChunk, offset: Int, count: Int) {
        self.chunk = chunk
        self.offset = offset
        self.count = count
    }

    /// Copies bytes into memory of their own.
    package init(_ bytes: UnsafeRawBufferPointer) {
        let chunk = PacketChunk(capacity: bytes.count)
        self = chunk.append(bytes) ?? PacketBytes(chunk: chunk, offset: 0, count: 0)
    }

    /// Copies bytes into memory of their own.
    package init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { PacketBytes($0) }
    }

    /// Lends the bytes.
    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(chunk.slice(offset, count))
    }
}

/// The memory that packets of a ring share: filled once from front to back, freed with its last packet.
final class PacketChunk: Sendable {
    /// Bytes that fit.
    let capacity: Int
    // Each byte is written once, under the lock of `used`, before the range that holds it is handed out.
    nonisolated(unsafe) private let memory: UnsafeMutableRawBufferPointer
    private let used = Mutex(0)

    /// Allocates an empty chunk.
    init(capacity: Int) {
        self.capacity = max(0, capacity)
        memory = .allocate(byteCount: max(1, capacity), alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Copies bytes behind those already there; nil where they do not fit.
    func append(_ bytes: UnsafeRawBufferPointer) -> PacketBytes? {
        used.withLock { used in
            guard capacity - used >= bytes.count else { return nil }
            let start = used
            if !bytes.isEmpty {
                UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + bytes.count]).copyMemory(from: bytes)
            }
            used += bytes.count
            return PacketBytes(chunk: self, offset: start, count: bytes.count)
        }
    }

    fileprivate func slice(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[offset..<offset + count])
    }
}
