import Foundation
import HypeCore
import HypeStore

/// Webhooks and their deliveries.
enum WebhookChecks {
    static let all = [
        ContractCheck("gives back every field of a webhook, and replaces it") { store in
            var webhook = Sample.webhook("b")
            try await store.save(webhook)
            try await store.save(Sample.webhook("a", at: Sample.time(-1)))
            webhook.url = "http://localhost:9/ü"
            webhook.events = EventKind.allCases
            try await store.save(webhook)
            try expect(await store.webhooks(), equals: [Sample.webhook("a", at: Sample.time(-1)), webhook])
        },
        ContractCheck("removes a webhook with what was still to be delivered to it") { store in
            try await store.save(Sample.webhook("a"))
            try await store.save(Sample.webhook("b"))
            var done = Sample.delivery("done", to: "a")
            done.state = .delivered
            try await store.save(done)
            for id in ["a", "b"] { try await store.save(Sample.delivery("to \(id)", to: id)) }
            try expect(await store.removeWebhook("a"), "nothing was removed")
            try expect(await !store.removeWebhook("a"), "it was removed twice")
            try expect(await store.webhooks().map(\.id), equals: ["b"])
            try expect(await store.dueDeliveries(at: Sample.time(9), limit: 9).map(\.id), equals: ["to b"])
            try expect(await store.deliveries(in: .delivered, PageQuery()).items, equals: [done])
        },
        ContractCheck("keeps no pending delivery for a webhook that is gone") { store in
            try await store.save(Sample.delivery("early", to: "a"))
            try await store.save(Sample.webhook("a"))
            var delivery = Sample.delivery("late", to: "a")
            try await store.save(delivery)
            _ = try await store.removeWebhook("a")
            try await store.save(delivery)
            try expect(await store.deliveries(in: .pending, PageQuery()).items, equals: [])
            delivery.state = .dead
            try await store.save(delivery)
            try expect(await store.deliveries(in: .dead, PageQuery()).items, equals: [delivery])
        },
        ContractCheck("names the deliveries that are due, the longest due first") { store in
            try await store.save(Sample.webhook("a"))
            for number in [3, 1, 2, 0, 4] {
                try await store.save(Sample.delivery("\(number)", to: "a", due: Sample.time(Double(number))))
            }
            try expect(await store.dueDeliveries(at: Sample.time(-0.001), limit: 9), equals: [])
            try expect(await store.dueDeliveries(at: Sample.time(2), limit: 9).map(\.id), equals: ["0", "1", "2"])
            try expect(await store.dueDeliveries(at: Sample.time(2), limit: 2).map(\.id), equals: ["0", "1"])

            var delivery = Sample.delivery("0", to: "a", due: Sample.time(60))
            delivery.attempts = 1
            delivery.outcome = "503, größer"
            try await store.save(delivery)
            try expect(await store.dueDeliveries(at: Sample.time(2), limit: 9).map(\.id), equals: ["1", "2"])
            try expect(await store.dueDeliveries(at: Sample.time(60), limit: 9).last, equals: delivery)
            delivery.state = .delivered
            try await store.save(delivery)
            try expect(
                await store.dueDeliveries(at: Sample.time(60), limit: 9).map(\.id),
                equals: ["1", "2", "3", "4"]
            )
        },
        ContractCheck("names what is due to one webhook without the others") { store in
            for id in ["a", "b"] { try await store.save(Sample.webhook(id)) }
            for number in 0..<6 {
                let id = number % 2 == 0 ? "a" : "b"
                try await store.save(Sample.delivery("\(number)", to: id, due: Sample.time(Double(-number))))
            }
            try expect(
                await store.dueDeliveries(of: "b", at: Sample.time(0), limit: 9).map(\.id),
                equals: ["5", "3", "1"]
            )
            try expect(await store.dueDeliveries(of: "a", at: Sample.time(-2), limit: 1).map(\.id), equals: ["4"])
            try expect(await store.dueDeliveries(of: "c", at: Sample.time(0), limit: 9), equals: [])
        },
        ContractCheck("adds deliveries once and remembers how far it came") { store in
            try expect(await store.deliveryPosition(), equals: nil)
            try await store.save(Sample.webhook("a"))
            try await store.enqueue([Sample.delivery("1", to: "a"), Sample.delivery("2", to: "gone")], position: 7)
            try expect(await store.deliveryPosition(), equals: 7)
            var delivery = Sample.delivery("1", to: "a")
            delivery.attempts = 3
            try await store.save(delivery)
            try await store.enqueue([Sample.delivery("1", to: "a"), Sample.delivery("3", to: "a")], position: 9)
            try expect(await store.deliveryPosition(), equals: 9)
            let due = try await store.dueDeliveries(at: Sample.time(9), limit: 9)
            try expect(due.map(\.id).sorted(), equals: ["1", "3"])
            try expect(due.first { $0.id == "1" }?.attempts, equals: 3)
            try await store.enqueue([], position: 12)
            try expect(await store.deliveryPosition(), equals: 12)
        },
        ContractCheck("lists deliveries of a state by the time of their events, the newest first") { store in
            try await store.save(Sample.webhook("a"))
            for number in 0..<12 {
                var delivery = Sample.delivery("\(number)", to: "a", at: Sample.time(Double(number)))
                delivery.state = Delivery.State.allCases[number % 3]
                try await store.save(delivery)
            }
            for (remainder, state) in Delivery.State.allCases.enumerated() {
                var query = PageQuery(limit: 3)
                var ids: [String] = []
                repeat {
                    let page = try await store.deliveries(in: state, query)
                    ids += page.items.map(\.id)
                    query.cursor = page.next
                } while query.cursor != nil
                try expect(ids, equals: (0..<12).reversed().filter { $0 % 3 == remainder }.map(String.init))
            }
        },
        ContractCheck("forgets deliveries that are over with their events, never pending ones") { store in
            try await store.save(Sample.webhook("a"))
            for (number, state) in Delivery.State.allCases.enumerated() {
                for age in [0, 100] {
                    var delivery = Sample.delivery("\(number) \(age)", to: "a", at: Sample.time(Double(-age)))
                    delivery.state = state
                    try await store.save(delivery)
                }
            }
            try await store.forgetEvents(before: Sample.time(-50))
            for (number, state) in Delivery.State.allCases.enumerated() {
                let wanted = state == .pending ? ["\(number) 0", "\(number) 100"] : ["\(number) 0"]
                try expect(await store.deliveries(in: state, PageQuery()).items.map(\.id), equals: wanted)
            }
        },
    ]
}
