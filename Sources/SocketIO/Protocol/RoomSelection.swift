/// Who gets a broadcast: everyone who is in one of the rooms and in none of the excepted ones.
package struct RoomSelection: Hashable, Sendable {
    /// The rooms; empty for the whole namespace.
    package var rooms: Set<String>
    /// The rooms whose members get nothing.
    package var except: Set<String>

    /// Creates a selection.
    package init(rooms: Set<String> = [], except: Set<String> = []) {
        self.rooms = rooms
        self.except = except
    }

    /// Whether it is the whole namespace.
    package var isEveryone: Bool { rooms.isEmpty && except.isEmpty }

    /// Whether it means someone who is in these rooms.
    package func includes(memberOf joined: Set<String>) -> Bool {
        (rooms.isEmpty || !rooms.isDisjoint(with: joined)) && except.isDisjoint(with: joined)
    }
}
