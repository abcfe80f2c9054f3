import SocketIO
import Testing

@Suite
struct RoomTableTests {
    private var table = RoomTable<String>()

    init() {
        for (key, name) in [(1, "a"), (2, "b"), (3, "c")] { table.insert(name, key: UInt64(key)) }
        table.join(1, room: "x")
        table.join(2, room: "x")
        table.join(2, room: "y")
    }

    @Test(
        arguments: [
            (RoomSelection(), ["a", "b", "c"]), (RoomSelection(rooms: ["x"]), ["a", "b"]),
            (RoomSelection(rooms: ["x", "y"]), ["a", "b"]), (RoomSelection(rooms: ["x"], except: ["y"]), ["a"]),
            (RoomSelection(except: ["x"]), ["c"]), (RoomSelection(rooms: ["none"]), []),
            (RoomSelection(except: ["none"]), ["a", "b", "c"]),
        ]
    )
    func selectsEachOnce(selection: RoomSelection, names: [String]) {
        #expect(table.members(in: selection).sorted() == names)
    }

    @Test
    func leavesNothingBehind() {
        var table = table
        table.leave(1, room: "x")
        #expect(table.members(in: RoomSelection(rooms: ["x"])) == ["b"])
        #expect(table.remove(2) == ["x", "y"])
        #expect(table.roomCount == 0 && table.count == 2)
        table.join(2, room: "x")
        #expect(table.roomCount == 0)
        table.leave(7, room: "x")
    }

    @Test
    func selectionAndRoomsAgree() {
        for rooms in [[], ["x"], ["y"], ["x", "y"]] as [Set<String>] {
            for except in [[], ["x"], ["y"]] as [Set<String>] {
                let selection = RoomSelection(rooms: rooms, except: except)
                let names = table.members(in: selection)
                for (key, name) in [(UInt64(1), "a"), (2, "b"), (3, "c")] {
                    #expect(selection.includes(memberOf: table.rooms(of: key)) == names.contains(name))
                }
            }
        }
    }
}
