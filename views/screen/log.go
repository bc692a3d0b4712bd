package screen

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore"
)

// LogLevel says how much the log has, each level less than the one before.
type LogLevel uint8

// The levels.
const (
	EveryEvent LogLevel = iota
	NoRequests          // what others ask for, or announce to our tracker, is left out
	Findings            // of lookups and name fetches, and warnings
	Warnings
	LogLevels
)

var logLevels = [LogLevels]string{"everything", "no requests", "findings", "warnings"}

// String is what the level is called.
func (l LogLevel) String() string { return logLevels[l%LogLevels] }

// LevelOf is the last level that has an event.
func LevelOf(e *dhtcore.Event) LogLevel {
	switch e.Kind {
	case dhtcore.Requested, dhtcore.Tracked:
		return EveryEvent
	case dhtcore.LookupStarted, dhtcore.Found, dhtcore.LookupDone, dhtcore.Named, dhtcore.Reachable, dhtcore.CrawlStep:
		return Findings
	case dhtcore.Warning, dhtcore.Alerted:
		return Warnings
	default:
		return NoRequests
	}
}

// log is what the log pane lists. While a line below the first is selected the log stands still, so that it can be read.
type log struct {
	of   *dhtcore.Snapshot // whose events are listed
	key  logKey
	rows []LogRow
}

// logKey is what the lines depend on, but for the filter: it is compared by its text.
type logKey struct {
	of     *dhtcore.Snapshot
	level  LogLevel
	filter string
}

// LogRows are the lines of the log as it is listed, the newest first. In other panes they stay as they were.
func (st *State) LogRows(s *dhtcore.Snapshot) []LogRow {
	if st.Pane != LogPane {
		return st.log.rows
	}
	s = st.logOf(s)
	passes := rowsPass[logLine](st, LogList)
	key := logKey{s, st.LogLevel, ""}
	if passes != nil {
		key.filter = st.Filters[LogList].String()
	}
	if st.log.key != key {
		st.log.key, st.log.rows = key, st.logRows(s, passes)
	}
	return st.log.rows
}

// logRows makes the lines of a level that pass.
func (st *State) logRows(s *dhtcore.Snapshot, passes func(*logLine) bool) []LogRow {
	line := logLine{s: s, privacy: st.LogPrivacy(s)}
	return slices.DeleteFunc(FoldLog(eventsOf(s, st.LogLevel)), func(r LogRow) bool {
		line.LogRow = r
		return LevelOf(r.Event) < st.LogLevel || passes != nil && !passes(&line)
	})
}

// eventsOf are the events that the lines of a level are made of, the oldest first.
func eventsOf(s *dhtcore.Snapshot, level LogLevel) []dhtcore.Event {
	switch {
	case level == EveryEvent:
		return s.Events
	case level == Warnings:
		return s.Warnings
	default:
		return s.Quiet
	}
}

// logOf is the Snapshot whose events are listed: an older one while the log stands still, which the past never does.
func (st *State) logOf(s *dhtcore.Snapshot) *dhtcore.Snapshot {
	if st.Past == nil && st.log.of != nil && st.Lists[LogList].Row > 0 {
		return st.log.of
	}
	return s
}

// followLog takes over new events, unless the log stands still.
func (st *State) followLog(s *dhtcore.Snapshot) {
	if st.Pane == LogPane {
		st.log.of = st.logOf(s)
	}
}

// LogNews is how many events have come since the log stands still.
func (st *State) LogNews(s *dhtcore.Snapshot) int {
	seen := eventsOf(st.logOf(s), st.LogLevel)
	all := eventsOf(s, st.LogLevel)
	if len(seen) == 0 || len(all) == 0 {
		return 0
	}
	latest, n := seen[len(seen)-1].Seq, 0
	for i := len(all) - 1; i >= 0 && all[i].Seq > latest; i-- {
		if LevelOf(&all[i]) >= st.LogLevel {
			n++
		}
	}
	return n
}

// TurnLevel goes by levels to another one, and returns its name. The selection goes to the top.
func (st *State) TurnLevel(by int) string {
	st.LogLevel = (st.LogLevel + LogLevels + LogLevel(by)) % LogLevels
	st.Lists[LogList] = Cursor{}
	return st.LogLevel.String()
}

// LogEvents are the events that the lines tell of, those of a lookup one by one, the oldest first.
func (st *State) LogEvents(s *dhtcore.Snapshot) (events []*dhtcore.Event) {
	all := eventsOf(st.logOf(s), st.LogLevel)
	for _, r := range slices.Backward(st.LogRows(s)) {
		if !ofLookup(r.Event) {
			events = append(events, r.Event)
			continue
		}
		for i := r.first; i < len(all) && all[i].Seq <= r.Seq; i++ {
			if e := &all[i]; ofLookup(e) && e.Hash == r.Hash {
				events = append(events, e)
			}
		}
	}
	return events
}

// LogRow is the selected line of the log; nil for none.
func (st *State) LogRow(s *dhtcore.Snapshot) *LogRow {
	rows := st.LogRows(s)
	if len(rows) == 0 {
		return nil
	}
	return &rows[Clamp(st.Lists[LogList].Row, len(rows))]
}

func countLog(st *State, s *dhtcore.Snapshot) int { return len(st.LogRows(s)) }

// allLog counts the lines that the filter chooses from.
func allLog(st *State, s *dhtcore.Snapshot) int { return len(st.logRows(st.logOf(s), nil)) }

func logPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	rows := st.LogRows(s)
	return func(row int) Pin { return Pin{At: int64(rows[row].Seq)} }
}

func logHash(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if r := st.LogRow(s); r != nil && !r.Hash.Zero() {
		return r.Hash, NameOf(s, r.Hash), true
	}
	return hash, "", false
}

// logNode is the node that the selected line is about: the peer of an announce, or of the tracker, is none.
func logNode(st *State, s *dhtcore.Snapshot) (id dhtcore.ID, addr netip.AddrPort) {
	if r := st.LogRow(s); r != nil && r.Kind != dhtcore.Announced && r.Kind != dhtcore.Tracked && r.Kind != dhtcore.Warning && !ofLookup(r.Event) {
		return r.ID, r.Addr
	}
	return id, addr
}

// logAddr is what y copies where a line is about no hash.
func logAddr(st *State, s *dhtcore.Snapshot) (addr netip.AddrPort, meant bool) {
	if r := st.LogRow(s); r != nil && r.Hash.Zero() && r.Addr.IsValid() {
		return r.Addr, true
	}
	return addr, false
}

func emptyLog(st *State, _ *dhtcore.Snapshot) string {
	if st.LogLevel > EveryEvent {
		return "nothing of this level yet: left and right change it"
	}
	return "nothing has happened yet"
}
