package store

import (
	"context"
	"database/sql/driver"
	"slices"
	"strconv"
	"time"
)

// Watched is the watch list, or what of it is to be saved.
type Watched struct {
	Entries []WatchedEntry
	Removed [][20]byte // targets of entries
	Alerts  []Alert    // the oldest first
}

// WatchedEntry is one entry of the watch list. Value has all of it; the other fields stand beside it for people.
type WatchedEntry struct {
	Target          [20]byte
	Label           string
	Added           time.Time
	LastAlive       time.Time // zero for never
	Seeds, Leechers int
	Peers           int
	Value           []byte // JSON
}

// Alert is an alert of the watch list.
type Alert struct {
	Seq                   uint64
	Rule                  string
	Target                [20]byte // zero for the node itself
	Name                  string
	Since, Fired, Cleared time.Time // Cleared is zero while it fires
	Text                  string
}

const (
	// keptAlerts is how many alerts a store keeps that have cleared.
	keptAlerts = 1000
	// maxWatched bounds what is read: the watch list holds 10,000 entries.
	maxWatched = 10_000
	// maxWatchedValue bounds the value of an entry, in bytes: ours are up to some 60 KB.
	maxWatchedValue = 1 << 20

	upsertWatched = `INSERT INTO watched (target, label, added, last_alive, seeds, leechers, peers, value, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (target) DO UPDATE SET label = excluded.label, added = excluded.added, last_alive = excluded.last_alive, seeds = excluded.seeds,
			leechers = excluded.leechers, peers = excluded.peers, value = excluded.value, unsent = unsent + excluded.unsent`
	upsertAlert = `INSERT INTO alerts (seq, rule, target, name, since, fired, cleared, text, unsent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (seq) DO UPDATE SET cleared = excluded.cleared, unsent = unsent + excluded.unsent`
)

// trimAlerts deletes the oldest alerts that have cleared.
var trimAlerts = "DELETE FROM alerts WHERE cleared IS NOT NULL AND seq <= (SELECT max(seq) FROM alerts) - " + strconv.Itoa(keptAlerts)

// saveWatched saves what has changed of the watch list. An entry that is removed stays without a value where PostgreSQL
// must lose it too.
func saveWatched(_ context.Context, r *rawConn, b *Batch, unsent driver.Value) error {
	if b.Watched == nil {
		return nil
	}
	spool := unsent != nil
	if !spool {
		unsent = int64(0)
	}
	for i := range b.Watched.Entries {
		e := &b.Watched.Entries[i]
		if err := r.run(upsertWatched, e.Target[:], cutName(e.Label), millis(e.Added), millis(e.LastAlive),
			integer(e.Seeds), integer(e.Leechers), integer(e.Peers), e.Value, unsent); err != nil {
			return err
		}
	}
	for i := range b.Watched.Removed {
		target := b.Watched.Removed[i][:]
		remove, args := "DELETE FROM watched WHERE target = ?", []driver.Value{target}
		if spool {
			remove, args = "UPDATE watched SET value = NULL, unsent = unsent + ? WHERE target = ?", []driver.Value{unsent, target}
		}
		if err := r.run(remove, args...); err != nil {
			return err
		}
	}
	for i := range b.Watched.Alerts {
		a := &b.Watched.Alerts[i]
		target := a.Target[:]
		if a.Target == [20]byte{} {
			target = nil
		}
		if err := r.run(upsertAlert, integer(a.Seq), a.Rule, target, cutName(a.Name), millis(a.Since), millis(a.Fired), millis(a.Cleared), cutName(a.Text), unsent); err != nil {
			return err
		}
	}
	if len(b.Watched.Alerts) == 0 {
		return nil
	}
	return r.run(trimAlerts)
}

// run runs a statement once.
func (r *rawConn) run(query string, args ...driver.Value) error {
	stmt, err := r.prepare(query)
	if err == nil {
		_, err = stmt.exec(args...)
	}
	return err
}

// Watched implements Store.
func (s *SQLite) Watched(ctx context.Context) (w Watched, err error) {
	err = s.readTx(ctx, func(r *rawConn) error {
		stmt, err := r.prepare("SELECT target, " + bounded("label", maxName, "''") + ", added, last_alive, seeds, leechers, peers, value FROM watched" +
			" WHERE octet_length(target) = 20 AND octet_length(value) <= " + strconv.Itoa(maxWatchedValue) + " ORDER BY added, target LIMIT ?")
		if err != nil {
			return err
		}
		err = stmt.each(ctx, func(v []driver.Value) (bool, error) {
			e := WatchedEntry{Label: asText(v[1]), Added: asTime(v[2]), LastAlive: asTime(v[3]), Seeds: asInt(v[4]), Leechers: asInt(v[5]), Peers: asInt(v[6]), Value: asBytes(v[7])}
			copy(e.Target[:], asBytes(v[0]))
			w.Entries = append(w.Entries, e)
			return true, nil
		}, int64(maxWatched))
		if err != nil {
			return err
		}
		stmt, err = r.prepare("SELECT seq, " + bounded("rule", maxAddress, "''") + ", " + bounded("target", 20, "NULL") + ", " + bounded("name", maxName, "''") +
			", since, fired, cleared, " + bounded("text", maxName, "''") + " FROM alerts ORDER BY seq DESC LIMIT ?")
		if err != nil {
			return err
		}
		return stmt.each(ctx, func(v []driver.Value) (bool, error) {
			a := Alert{Seq: asUint(v[0]), Rule: asText(v[1]), Name: asText(v[3]), Since: asTime(v[4]), Fired: asTime(v[5]), Cleared: asTime(v[6]), Text: asText(v[7])}
			copy(a.Target[:], asBytes(v[2]))
			w.Alerts = append(w.Alerts, a)
			return true, nil
		}, int64(2*keptAlerts))
	})
	slices.Reverse(w.Alerts)
	return w, err
}
