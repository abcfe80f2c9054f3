package import Foundation
import HypeCore
package import HypeStore
package import Logging
import ServiceLifecycle

/// Sends the events of the log to webhooks.
///
/// The log is followed by number: events become deliveries in the store in the same transaction that moves the position,
/// so a restart neither skips nor repeats one. A delivery is sent until it arrives or is given up; a restart in the middle
/// of an attempt repeats the attempt, with the same delivery identifier. The order in which a webhook hears of events is
/// not guaranteed; their numbers tell it.
package actor WebhookSender: Service {
    /// Events that are turned into deliveries in one transaction.
    private static let page = 200
    /// How long a webhook is left alone when the outcome of an attempt cannot be written down, so that it is not sent
    /// the same thing over and over.
    private static let storePause: Duration = .seconds(30)

    private let store: any ClipStore
    private let events: EventLog
    private let transport: any WebhookTransport
    private let settings: WebhookSettings
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date

    private var lanes: WebhookLanes
    private var generator: SplitMix64
    private var position: Int64?
    private var counters = WebhookStatistics()
    private var isStoreDown = false
    /// Says that there may be something to do; more than one such call while busy counts as one.
    private let calls: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    /// Creates a sender; nothing is sent before ``run()``.
    ///
    /// - Parameters:
    ///   - store: Where webhooks and deliveries are.
    ///   - events: Tells when there is something new.
    ///   - transport: Carries requests.
    ///   - settings: Limits and pauses.
    ///   - seed: Of the random part of the pauses.
    ///   - logger: Hears of dead letters and outages.
    ///   - clock: Paces the polling.
    ///   - now: The wall clock.
    package init(
        store: any ClipStore,
        events: EventLog,
        transport: any WebhookTransport,
        settings: WebhookSettings = WebhookSettings(),
        seed: UInt64 = .random(in: .min ... .max),
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.events = events
        self.transport = transport
        self.settings = settings
        self.logger = logger
        self.clock = clock
        self.now = now
        lanes = WebhookLanes(places: settings.places)
        generator = SplitMix64(seed: seed)
        (calls, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// What has become of deliveries so far.
    package var statistics: WebhookStatistics {
        var statistics = counters
        statistics.underWay = lanes.count
        return statistics
    }

    /// Looks for something to send now, such as a dead letter that is to be sent again.
    nonisolated package func wake() { bell.yield() }

    /// Sends until the task is cancelled or the program shuts down; what is under way then is sent again at the next start.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.tick() }
            wake()
            for await _ in calls {
                for job in await due() { group.addTask { await self.attempt(job.delivery, to: job.webhook) } }
            }
            group.cancelAll()
        }
    }

    // MARK: When

    /// Wakes the sender for each event that is kept.
    private func listen() async {
        while !Task.isCancelled {
            let subscription = await events.subscribe(after: nil)
            wake()
            do {
                for try await record in subscription where record.kind.isKept { wake() }
                return
            } catch {
                // Too many at once to be told of each; the position in the log knows what was missed.
                continue
            }
        }
    }

    /// Wakes the sender now and then for what has become due.
    private func tick() async {
        while (try? await clock.sleep(for: settings.poll)) != nil { wake() }
    }

    // MARK: What

    private struct Job {
        var delivery: Delivery
        var webhook: Webhook
    }

    /// What is to be sent now; its places are taken.
    private func due() async -> [Job] {
        var jobs: [Job] = []
        do throws(StoreError) {
            try await follow()
            let webhooks = try await store.webhooks()
            lanes.forget(allBut: Set(webhooks.map(\.id)), at: now())
            for webhook in webhooks {
                let demand = lanes.demand(of: webhook.id, at: now())
                guard demand > 0 else { continue }
                let due = try await store.dueDeliveries(of: webhook.id, at: now(), limit: demand)
                jobs += due.filter { lanes.start($0.id, of: webhook.id) }.map { Job(delivery: $0, webhook: webhook) }
            }
            noteStore(nil)
        } catch {
            noteStore(error)
        }
        return jobs
    }

    /// Turns new events into deliveries.
    private func follow() async throws(StoreError) {
        var position = try await startPosition()
        while true {
            let records = try await store.events(after: position, session: nil, limit: Self.page)
            guard let last = records.last else { return }
            let webhooks = try await store.webhooks()
            let deliveries = records.flatMap { record in
                webhooks.filter { Self.wants($0, record) }.map { webhook in
                    Delivery(id: "\(webhook.id).\(record.id)", webhookId: webhook.id, event: record, dueAt: now())
                }
            }
            try await store.enqueue(deliveries, position: last.id)
            position = last.id
            self.position = position
            if records.count < Self.page { return }
        }
    }

    /// Whether a webhook is told about an event: of its kinds, and not older than itself.
    static func wants(_ webhook: Webhook, _ record: EventRecord) -> Bool {
        (webhook.events.isEmpty || webhook.events.contains(record.kind)) && record.time >= webhook.createdAt
    }

    /// Where following goes on: where it stopped, or at the first start ever with what happens next.
    private func startPosition() async throws(StoreError) -> Int64 {
        if let position { return position }
        let start: Int64
        if let kept = try await store.deliveryPosition() {
            start = kept
        } else {
            start = try await store.lastEvent()
            try await store.enqueue([], position: start)
        }
        position = start
        return start
    }

    // MARK: One attempt

    private func attempt(_ delivery: Delivery, to webhook: Webhook) async {
        defer {
            lanes.finish(delivery.id, of: webhook.id)
            wake()
        }
        var result = WebhookResult.refused("the delivery cannot be written as a request")
        do {
            let request = try WebhookRequest(delivery, to: webhook, at: now())
            guard let sent = await transport.send(request) else { return }
            result = sent
        } catch let failure as WebhookFailure {
            result = .refused(failure.message)
        } catch {
            logger.error(
                "delivery cannot be encoded",
                metadata: ["delivery.id": "\(delivery.id)", "error": "\(error)"]
            )
        }
        counters.attempts += 1
        do throws(StoreError) {
            try await settle(delivery, of: webhook, after: result)
        } catch {
            noteStore(error)
            lanes.pause(webhook.id, until: now().addingTimeInterval(Self.storePause.inSeconds))
        }
    }

    private func settle(_ delivery: Delivery, of webhook: Webhook, after result: WebhookResult) async throws(StoreError)
    {
        var delivery = delivery
        delivery.attempts += 1
        delivery.outcome = result.words
        let time = now()
        let verdict = settings.retry.verdict(on: result, attempts: delivery.attempts, now: time, using: &generator)
        let details: Logger.Metadata = [
            "webhook.id": "\(webhook.id)", "delivery.id": "\(delivery.id)", "outcome": "\(result.words)",
            "attempts": "\(delivery.attempts)",
        ]
        switch verdict {
        case .delivered:
            delivery.state = .delivered
            counters.delivered += 1
        case .retry(let date):
            delivery.dueAt = date
            if case .reply(_, .some) = result { lanes.pause(webhook.id, until: date) }
            logger.debug("delivery failed, will be repeated", metadata: details)
        case .dead:
            delivery.state = .dead
            counters.dead += 1
            logger.warning("delivery given up; it is among the dead letters", metadata: details)
        case .unsubscribed:
            counters.unsubscribed += 1
            logger.notice("webhook removed: its receiver is gone for good", metadata: details)
            _ = try await store.removeWebhook(webhook.id)
            return
        }
        try await store.save(delivery)
    }

    /// Logs when the store begins and ceases to fail, not each time in between.
    private func noteStore(_ error: StoreError?) {
        guard isStoreDown != (error != nil) else { return }
        isStoreDown = error != nil
        if let error {
            logger.error("webhooks wait for the store", metadata: ["error": "\(error)"])
        } else {
            logger.notice("webhooks go on: the store answers again")
        }
    }
}
