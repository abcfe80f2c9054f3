/// Who is in which rooms of a namespace, on one event loop (pure).
package struct RoomTable<Member> {
    private var members: [UInt64: Member] = [:]
    private var rooms: [String: Set<UInt64>] = [:]
    private var roomsOfMember: [UInt64: Set<String>] = [:]

    /// Creates an empty table.
    package init() {}

    /// How many members there are.
    package var count: Int { members.count }

    /// How many rooms there are; empty ones do not exist.
    package var roomCount: Int { rooms.count }

    /// Everyone.
    package var everyone: Dictionary<UInt64, Member>.Values { members.values }

    /// Takes a member in.
    package mutating func insert(_ member: Member, key: UInt64) { members[key] = member }

    /// Takes a member out of the namespace and all rooms.
    ///
    /// - Parameter key: The member's number.
    /// - Returns: The rooms it was in.
    @discardableResult
    package mutating func remove(_ key: UInt64) -> Set<String> {
        members[key] = nil
        let left = roomsOfMember.removeValue(forKey: key) ?? []
        for room in left { take(key, outOf: room) }
        return left
    }

    /// Puts a member into a room.
    package mutating func join(_ key: UInt64, room: String) {
        guard members[key] != nil else { return }
        rooms[room, default: []].insert(key)
        roomsOfMember[key, default: []].insert(room)
    }

    /// Takes a member out of a room.
    package mutating func leave(_ key: UInt64, room: String) {
        roomsOfMember[key]?.remove(room)
        take(key, outOf: room)
    }

    /// The rooms of a member.
    package func rooms(of key: UInt64) -> Set<String> { roomsOfMember[key] ?? [] }

    private mutating func take(_ key: UInt64, outOf room: String) {
        rooms[room]?.remove(key)
        if rooms[room]?.isEmpty == true { rooms[room] = nil }
    }

    /// Everyone a selection means, each once.
    package func members(in selection: RoomSelection) -> [Member] {
        guard !selection.isEveryone else { return Array(members.values) }
        var keys: Set<UInt64> = []
        if selection.rooms.isEmpty {
            keys = Set(members.keys)
        } else {
            for room in selection.rooms { keys.formUnion(rooms[room] ?? []) }
        }
        for room in selection.except { keys.subtract(rooms[room] ?? []) }
        return keys.compactMap { members[$0] }
    }
}
