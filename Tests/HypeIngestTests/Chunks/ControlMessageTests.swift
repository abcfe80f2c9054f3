import HypeIngest
import NIOCore
import Testing

struct ControlMessageTests {
    @Test(arguments: [
        (ControlMessage.setChunkSize(65_536), 1, "00010000"), (.acknowledgement(7), 3, "00000007"),
        (.windowAcknowledgementSize(5_000_000), 5, "004c4b40"),
        (.setPeerBandwidth(5_000_000, kind: 2), 6, "004c4b4002"),
        (.streamBegin(1), 4, "000000000001"), (.pingRequest(0x0102_0304), 4, "000601020304"),
        (.pingResponse(9), 4, "000700000009"), (.otherUserControl(31), 4, "001f"),
    ])
    func writesTheSpecificationsForm(control: ControlMessage, type: UInt8, payload: String) throws {
        let message = control.message
        #expect(message.type == type)
        #expect(message.payload.hex == payload)
        if type != 1 { #expect(try ControlMessage(message) == control) }
    }

    @Test(arguments: [3, 4, 5, 6] as [UInt8])
    func refusesShortOnes(type: UInt8) {
        #expect(throws: RTMPFault.controlMessage(type: type)) {
            try ControlMessage(RTMPMessage(type: type, payload: bytes("00")))
        }
    }
}
