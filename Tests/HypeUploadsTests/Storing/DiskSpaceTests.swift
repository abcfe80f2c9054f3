import Foundation
import HypeUploads
import Testing

@Suite
struct DiskSpaceTests {
    @Test
    func theSpaceOfAFolderIsRead() throws {
        #expect(try DiskSpace.free(at: FileManager.default.temporaryDirectory.path) > 0)
    }

    @Test
    func aFolderThatIsNotThereIsSaid() {
        #expect(throws: DiskCalls.Failure(ENOENT)) { try DiskSpace.free(at: "/nowhere/at/all") }
    }
}
