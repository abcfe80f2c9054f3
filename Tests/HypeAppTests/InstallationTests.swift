import Foundation
import HypeApp
import Testing

@Suite
struct InstallationTests {
    private func installation(override: [String] = [], userData: String? = nil) -> Installation {
        Installation(
            executable: "/opt/hypeclip/bin/hypeclip",
            workerOverride: nil,
            modelFoldersOverride: override,
            userData: userData
        )
    }

    @Test
    func whatIsPulledIsFoundFirst() {
        for installation in [
            installation(), installation(userData: "/home/ann/.local/share"),
            installation(override: ["/srv/models", "/mnt"], userData: "/home/ann/.local/share"),
        ] {
            #expect(installation.modelFolders.first == installation.pullFolder)
        }
    }

    @Test
    func pulledModelsGoWhereTheUserSaysOrMayWrite() {
        #expect(installation(override: ["/srv/models", "/mnt"], userData: "/home/ann").pullFolder == "/srv/models")
        let user = installation(userData: "/home/ann/.local/share")
        #expect(user.pullFolder == "/home/ann/.local/share/hypeclip/models")
        #expect(user.modelFolders.last == "/opt/hypeclip/share/hypeclip/models")
    }
}
