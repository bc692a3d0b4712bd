package page

import (
	"html/template"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// hashRow is a row of the ranking.
type hashRow struct {
	Rank     int
	Hash     string
	Name     string // the hash, where none is known
	Named    bool
	Requests string
	Minutes  string // requests of the last five minutes
	Sources  string
	Peers    string
	Trend    template.HTML
	Seen     string
}

// Hashes are the hashes that are asked for most.
func (c *content) Hashes() (rows []hashRow) {
	for i := range c.s.Hashes.Top {
		r := &c.s.Hashes.Top[i]
		if r.Requests == 0 || len(rows) == maxHashes {
			continue
		}
		row := hashRow{Rank: r.Rank, Hash: dhtcore.ID(r.InfoHash).String(), Name: c.o.Text(r.Name), Named: r.Name != "",
			Requests: human.Count(r.Requests), Minutes: dash(r.Minutes), Sources: dash(uint64(max(r.Sources, 0))),
			Peers: dash(uint64(max(r.Peers, 0))), Trend: bars(r.Trend[:]), Seen: c.ago(r.LastSeen)}
		if !row.Named {
			row.Name = row.Hash
		}
		rows = append(rows, row)
	}
	return rows
}

// Hidden is how many hashes the ranking leaves out.
func (c *content) Hidden() string { return human.Count(max(c.s.Hashes.Seen-len(c.Hashes()), 0)) }

// dash is a count; a dash for none, as zeros are noise.
func dash(n uint64) string {
	if n == 0 {
		return "–"
	}
	return human.Count(n)
}

// newsRow is a line of the news.
type newsRow struct{ Age, Word, Class, Name, Hash, Figures string }

// News are the changes among the hashes, the latest first.
func (c *content) News() (rows []newsRow) {
	for _, n := range c.s.News.Items[:min(len(c.s.News.Items), maxNews)] {
		row := newsRow{Age: c.ago(n.At), Name: c.name(n.Hash), Hash: n.Hash.String()}
		switch n.Kind {
		case dhtcore.Rising:
			row.Word, row.Class = "rising", "good"
			row.Figures = human.Rate(n.Rise.Before) + " to " + human.Rate(n.Rise.Now) + " requests/min"
		case dhtcore.NewSwarm:
			row.Word, row.Class, row.Figures = "new", "good", human.Amount(n.Peers, "peer", "peers")
			if n.Others > 0 {
				row.Figures += ", and " + human.Count(n.Others) + " others"
			}
		case dhtcore.LostSeeds:
			row.Word, row.Class, row.Figures = "no seeds", "warn", "had "+human.Count(n.Seeds)
		}
		rows = append(rows, row)
	}
	return rows
}

// lookupRow is a line of the lookups.
type lookupRow struct{ Name, Hash, State, Class, Asked, Peers, Took string }

// Lookups are the newest lookups.
func (c *content) Lookups() (rows []lookupRow) {
	lookups := report.Lookups(c.s, c.o)
	for i := range lookups[:min(len(lookups), maxLookups)] {
		lk := &lookups[i]
		row := lookupRow{Name: c.name(lk.Target), Hash: lk.Target.String(), State: "running", Class: "warn",
			Asked: human.Count(lk.Asked), Peers: dash(uint64(len(lk.Peers))), Took: human.Duration(lk.Elapsed)}
		switch {
		case lk.Err != "":
			row.State, row.Class = "failed", "bad"
		case lk.Done:
			row.State, row.Class = "done", "good"
		}
		rows = append(rows, row)
	}
	return rows
}

// eventRow is a line of the log.
type eventRow struct{ At, Word, Class, Name, Hash, Addr, Text string }

// Warnings are the latest warnings, the newest first: among the other events they would pass by.
func (c *content) Warnings() (rows []eventRow) {
	w := c.s.Warnings
	for i := len(w) - 1; i >= 0 && len(rows) < maxWarnings && c.s.At.Sub(w[i].At) < keepWarnings; i-- {
		rows = append(rows, c.eventRow(&w[i]))
	}
	return rows
}

// Events are the latest other events, the newest first. Requests are left out: on a busy node they would be all there is.
func (c *content) Events() (rows []eventRow) {
	for i := len(c.s.Quiet) - 1; i >= 0 && len(rows) < maxEvents; i-- {
		if e := &c.s.Quiet[i]; e.Kind != dhtcore.Warning && e.Kind != dhtcore.Alerted {
			rows = append(rows, c.eventRow(e))
		}
	}
	return rows
}

func (c *content) eventRow(e *dhtcore.Event) eventRow {
	row := eventRow{At: e.At.UTC().Format("15:04:05"), Word: strings.ReplaceAll(e.Kind.String(), "_", " "), Text: c.o.Text(e.Text)}
	if e.Kind == dhtcore.Warning || e.Kind == dhtcore.Alerted {
		row.Class = "warn"
	}
	if !e.Hash.Zero() {
		row.Name, row.Hash = c.name(e.Hash), e.Hash.String()
	}
	if e.Addr.IsValid() {
		row.Addr = c.o.Addr(e.Addr)
	}
	return row
}
