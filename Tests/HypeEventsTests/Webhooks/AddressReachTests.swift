import HypeCore
import HypeEvents
import Testing

@Suite
struct AddressReachTests {
    @Test(arguments: [
        ("1.1.1.1", AddressReach.global), ("9.255.255.255", .global), ("11.0.0.0", .global),
        ("172.15.255.255", .global),
        ("172.32.0.0", .global), ("192.167.255.255", .global), ("192.169.0.0", .global), ("100.63.255.255", .global),
        ("100.128.0.0", .global), ("169.253.0.1", .global), ("198.17.255.255", .global), ("198.20.0.0", .global),
        ("223.255.255.255", .global), ("192.0.1.0", .global), ("126.255.255.255", .global), ("128.0.0.0", .global),
        ("0.0.0.0", .reserved), ("0.1.2.3", .reserved), ("10.0.0.1", .private), ("10.255.255.255", .private),
        ("100.64.0.1", .private), ("100.127.255.255", .private), ("127.0.0.1", .loopback),
        ("127.255.255.254", .loopback),
        ("169.254.169.254", .linkLocal), ("172.16.0.1", .private), ("172.31.255.255", .private),
        ("192.0.0.8", .reserved), ("192.0.2.1", .reserved), ("192.31.196.1", .reserved), ("192.52.193.1", .reserved),
        ("192.88.99.1", .reserved), ("192.168.0.1", .private), ("192.175.48.1", .reserved), ("198.18.0.1", .reserved),
        ("198.19.255.255", .reserved), ("198.51.100.7", .reserved), ("203.0.113.7", .reserved),
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("240.0.0.1", .reserved),
        ("255.255.255.255", .reserved),
    ])
    func classifiesIPv4(text: String, reach: AddressReach) throws {
        #expect(AddressReach(try #require(IPAddress(text))) == reach)
        // The same address inside of an IPv6 address leads to the same place.
        #expect(AddressReach(try #require(IPAddress("::ffff:\(text)"))) == reach)
        #expect(AddressReach(try #require(IPAddress("64:ff9b::\(text)"))) == reach)
        let bytes = try #require(IPAddress(text)).bytes
        let sixToFour = IPAddress(bytes: [0x20, 0x02] + bytes + [UInt8](repeating: 0, count: 10))
        #expect(AddressReach(try #require(sixToFour)) == reach)
    }

    @Test(arguments: [
        ("2606:4700:4700::1111", AddressReach.global), ("2001:200::1", .global), ("2a00:1450::8", .global),
        ("2001:4860:4860::8888", .global), ("3ffe::1", .global), ("2620:4f:8001::1", .global),
        ("::", .reserved), ("::1", .loopback), ("::2", .reserved), ("::127.0.0.1", .reserved), ("::8.8.8.8", .reserved),
        ("64:ff9b:1::1", .private), ("64:ff9b:1:ffff::7f00:1", .private), ("64:ff9b:2::1", .reserved),
        ("64:ff9b:0:0:1::7f00:1", .reserved), ("100::1", .reserved), ("100:0:0:1::1", .reserved),
        ("2001::1", .reserved), ("2001:0:4136:e378:8000:63bf:3fff:fdd2", .reserved), ("2001:2::1", .reserved),
        ("2001:10::1", .reserved), ("2001:20::1", .reserved), ("2001:1ff:ffff::", .reserved),
        ("2001:db8::1", .reserved),
        ("2620:4f:8000::1", .reserved), ("3fff::1", .reserved), ("3fff:fff::1", .reserved), ("3fff:1000::1", .global),
        ("4000::1", .reserved), ("5f00::1", .reserved), ("fc00::1", .private), ("fd12:3456::1", .private),
        ("fe80::1", .linkLocal), ("febf::1", .linkLocal), ("fec0::1", .private), ("ff02::1", .multicast),
        ("1::", .reserved), ("::ffff:0:7f00:1", .reserved),
    ])
    func classifiesIPv6(text: String, reach: AddressReach) throws {
        #expect(AddressReach(try #require(IPAddress(text))) == reach)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.+4", "1.2.3. 4", "0x7f.0.0.1", "2130706433", ":",
        ":::",
        "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "fe80::1%eth0", "::1.2.3", "1.2.3.4::",
        "1:2:3:4:5:6:7::8", "+1::", "::ffff:1.2.3.4:5",
    ])
    func isNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test
    func addressesAreReadAsTheyAreWritten() throws {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<500 {
            let size = generator.happens(0.5) ? 4 : 16
            let bytes = (0..<size).map { _ in generator.happens(0.4) ? 0 : UInt8(generator.index(below: 256)) }
            let address = try #require(IPAddress(bytes: bytes))
            #expect(IPAddress(address.description) == address)
        }
        #expect(IPAddress("1::8")?.bytes == [0, 1] + [UInt8](repeating: 0, count: 13) + [8])
    }
}
