import SocketIO
import Testing

@Suite
struct RequestSequenceTests {
    @Test
    func theHostTakesAsManyAsItLikes() {
        var sequence = RequestSequence()
        #expect(sequence.head(isOwn: false) == .pass)
        #expect(sequence.head(isOwn: false) == .pass)
        #expect(sequence.head(isOwn: true) == .hold)
        sequence.hostAnswered()
        #expect(!sequence.canProceed(isOwn: true))
        sequence.hostAnswered()
        #expect(sequence.canProceed(isOwn: true) && sequence.isIdle)
        #expect(sequence.head(isOwn: true) == .take)
    }

    @Test
    func theGateTakesOne() {
        var sequence = RequestSequence()
        #expect(sequence.head(isOwn: true) == .take)
        #expect(sequence.owesAnswer)
        #expect(sequence.head(isOwn: true) == .hold)
        #expect(sequence.head(isOwn: false) == .hold)
        sequence.answered()
        #expect(sequence.head(isOwn: false) == .pass)
    }
}
