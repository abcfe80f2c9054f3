import HypeStore
import HypeStoreMongo
import Testing

struct MongoAddressTests {
    @Test(arguments: [
        ("mongodb://localhost", "mongodb://localhost/hypeclip"),
        ("mongodb://localhost:27017/clips", "mongodb://localhost:27017/clips"),
        ("mongodb://ann:s3cret@db.example:1/clips", "mongodb://ann:***@db.example:1/clips"),
        ("mongodb://ann@db/clips", "mongodb://ann@db/clips"),
        (
            "mongodb://a:p%40ss@one:1,two:2/clips?replicaSet=rs&tlsCertificateKeyFilePassword=hush",
            "mongodb://a:***@one:1,two:2/clips?…"
        ),
        (
            "mongodb+srv://a:b@cluster/?authMechanismProperties=AWS_SESSION_TOKEN:token",
            "mongodb+srv://a:***@cluster/hypeclip?…"
        ),
        ("mongodb://a:for@got@db/clips", "mongodb://a:***@db/clips"),
        ("mongodb://a:sl/ash@db/clips", "mongodb://a:***@db/clips"),
    ])
    func showsNoSecret(text: String, wanted: String) throws {
        let address = try #require(MongoAddress(text))
        #expect(address.redacted == wanted)
        #expect("\(address)" == wanted)
        #expect(String(reflecting: address) == wanted)
        var dumped = ""
        dump(address, to: &dumped)
        dump(MongoSettings(address: address), to: &dumped)
        for secret in ["s3cret", "p%40ss", "hush", "token", "for@got", "sl/ash"] where text.contains(secret) {
            #expect(!dumped.contains(secret))
            #expect(!address.redacting("tried \(secret) in \(text)").contains(secret))
        }
    }

    @Test(arguments: [
        "", "localhost", "http://localhost", "mongodb://", "mongodb:///clips", "mongodb://a:b@", "mongodb://a:b@/clips",
        "mongodb://ho\0st", "mongodb://a:p?x@host", "mongodb://a:b@c?x@host",
    ])
    func refusesWhatIsNoAddress(text: String) {
        #expect(MongoAddress(text) == nil)
    }

    @Test func takesOutTheDecodedPasswordToo() throws {
        let address = try #require(MongoAddress("mongodb://a:p%40ss@db"))
        #expect(address.redacting("wrong password p@ss") == "wrong password ***")
        #expect(address.redacting("nothing here") == "nothing here")
    }

    @Test func namesTheDatabase() {
        #expect(MongoAddress("mongodb://db/my%20clips?x=1")?.database == "my clips")
        #expect(MongoAddress("mongodb://db/?x=1")?.database == "hypeclip")
        #expect(MongoAddress("mongodb://db?x=1")?.database == "hypeclip")
    }

    /// The driver's own words repeat what it does not understand.
    @Test(
        .enabled(if: MongoDouble.isInstalled, MongoDouble.missing),
        arguments: [
            "mongodb://ann:s3cret@db:99999/clips", "mongodb://ann:s3cret@db/?tls=s3cret",
            "mongodb://s3cret%zz:s3cret@db",
        ]
    )
    func showsNoSecretInTheDriversErrors(text: String) async throws {
        let address = try #require(MongoAddress(text))
        let error = await #expect(throws: StoreError.self) {
            _ = try await MongoStore.open(MongoSettings(address: address, patience: .milliseconds(50)))
        }
        let shown =
            "\(error.map(String.init(reflecting:)) ?? "") \(error?.message ?? "") \(error?.cause.map { "\($0)" } ?? "")"
        #expect(!shown.contains("s3cret") || text.contains("//s3cret"), "\(shown)")
    }

    @Test func keepsSettingsWithinTheirRanges() throws {
        let address = try #require(MongoAddress("mongodb://db"))
        let settings = MongoSettings(address: address, patience: .zero, connections: 0, eventLifetime: .zero)
        #expect(settings.patience == .milliseconds(50))
        #expect(settings.connections == 1)
        #expect(settings.eventLifetime == .seconds(60))
    }
}
