import GRDB

/// The tables of the database and how they came about.
///
/// Each table keeps its document as JSON and, beside it, the columns that lists are filtered and sorted by. A step is never
/// changed once it was released; a change is a new step.
enum SQLiteSchema {
    /// All steps in their order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 clips and deletions") { database in
            try database.execute(sql: clips + clipIndices + clipTotals + clipTitles + deletions)
        }
        migrator.registerMigration("2 sessions and moments") { database in
            try database.execute(sql: sessions + moments)
        }
        migrator.registerMigration("3 events and webhooks") { database in
            try database.execute(sql: events + webhooks)
        }
        return migrator
    }

    private static let clips = """
        CREATE TABLE clip (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            session TEXT,
            channel TEXT,
            keep INTEGER NOT NULL,
            chat INTEGER NOT NULL,
            voice INTEGER NOT NULL,
            face INTEGER NOT NULL,
            title TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;

        """

    /// Every index holds all filters, so that a row is only fetched once it is known to be wanted.
    private static var clipIndices: String {
        var sql = """
            CREATE INDEX clip_created ON clip (created, id, keep, title);
            CREATE INDEX clip_keep ON clip (keep, created, id, channel, chat, voice, face, title);
            CREATE INDEX clip_session ON clip (session, created, id, channel, keep, chat, voice, face, title);
            CREATE INDEX clip_channel ON clip (channel, created, id, keep, title);

            """
        for kind in ["chat", "voice", "face"] {
            sql += """
                CREATE INDEX clip_\(kind) ON clip (created, id, keep, title) WHERE \(kind) = 1;
                CREATE INDEX clip_channel_\(kind) ON clip (channel, created, id, keep, title) WHERE \(kind) = 1;

                """
        }
        return sql
    }

    /// Kept up to date by the database itself, so that asking costs nothing.
    private static let clipTotals = """
        CREATE TABLE clip_total (
            id INTEGER PRIMARY KEY CHECK (id = 1), clips INTEGER NOT NULL, bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO clip_total VALUES (1, 0, 0);
        CREATE TRIGGER clip_total_insert AFTER INSERT ON clip BEGIN
            UPDATE clip_total SET clips = clips + 1, bytes = bytes + new.bytes WHERE id = 1;
        END;
        CREATE TRIGGER clip_total_delete AFTER DELETE ON clip BEGIN
            UPDATE clip_total SET clips = clips - 1, bytes = bytes - old.bytes WHERE id = 1;
        END;
        CREATE TRIGGER clip_total_update AFTER UPDATE OF bytes ON clip BEGIN
            UPDATE clip_total SET bytes = bytes - old.bytes + new.bytes WHERE id = 1;
        END;

        """

    /// Finds the clips whose title contains a text.
    ///
    /// The index holds every three letters in a row. Two letters that stand for “end” follow each title, so that one and two
    /// letters can be looked up as the beginnings of three, wherever they stand.
    private static let clipTitles = """
        CREATE VIRTUAL TABLE clip_title USING fts5(title, content = '', tokenize = 'trigram case_sensitive 1');
        CREATE VIRTUAL TABLE clip_title_part USING fts5vocab(clip_title, instance);
        CREATE TRIGGER clip_title_insert AFTER INSERT ON clip BEGIN
            INSERT INTO clip_title (rowid, title) VALUES (new.seq, new.title || char(2, 2));
        END;
        CREATE TRIGGER clip_title_delete AFTER DELETE ON clip BEGIN
            INSERT INTO clip_title (clip_title, rowid, title) VALUES ('delete', old.seq, old.title || char(2, 2));
        END;
        CREATE TRIGGER clip_title_update AFTER UPDATE OF title ON clip BEGIN
            INSERT INTO clip_title (clip_title, rowid, title) VALUES ('delete', old.seq, old.title || char(2, 2));
            INSERT INTO clip_title (rowid, title) VALUES (new.seq, new.title || char(2, 2));
        END;

        """

    private static let deletions = """
        CREATE TABLE deletion (id TEXT PRIMARY KEY, created INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
        CREATE INDEX deletion_created ON deletion (created, id);

        """

    private static let sessions = """
        CREATE TABLE session (
            id TEXT PRIMARY KEY, created INTEGER NOT NULL, over INTEGER NOT NULL, document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX session_created ON session (created, id);
        CREATE INDEX session_unfinished ON session (created, id) WHERE over = 0;

        """

    private static let moments = """
        CREATE TABLE moment (
            id TEXT PRIMARY KEY,
            created INTEGER NOT NULL,
            session TEXT NOT NULL,
            decision TEXT NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX moment_created ON moment (created, id);
        CREATE INDEX moment_session ON moment (session, created, id);
        CREATE INDEX moment_decision ON moment (decision, created, id);
        CREATE INDEX moment_session_decision ON moment (session, decision, created, id);

        """

    /// `AUTOINCREMENT` remembers the highest number even when its row is gone.
    private static let events = """
        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            session TEXT,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX event_session ON event (session);
        CREATE INDEX event_time ON event (time);

        """

    private static let webhooks = """
        CREATE TABLE webhook (id TEXT PRIMARY KEY, created INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
        CREATE INDEX webhook_created ON webhook (created, id);
        CREATE TABLE delivery (
            id TEXT PRIMARY KEY,
            created INTEGER NOT NULL,
            webhook TEXT NOT NULL,
            state TEXT NOT NULL,
            due INTEGER NOT NULL,
            document TEXT NOT NULL
        ) STRICT;
        CREATE INDEX delivery_state ON delivery (state, created, id);
        CREATE INDEX delivery_due ON delivery (due, id) WHERE state = 'pending';
        CREATE INDEX delivery_webhook ON delivery (webhook, due, id) WHERE state = 'pending';
        CREATE INDEX delivery_over ON delivery (created) WHERE state <> 'pending';
        CREATE TABLE delivery_position (id INTEGER PRIMARY KEY CHECK (id = 1), event INTEGER NOT NULL) STRICT;

        """
}
