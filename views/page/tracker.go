package page

import (
	"cmp"
	"html/template"
	"io"
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// trackerPage is what the templates of the page of the tracker read.
type trackerPage struct {
	*content
	Style      template.CSS
	torrents   []dhtcore.TrackedTorrent
	registered int
}

// WriteTracker writes the page of the tracker of a Snapshot with some of its torrents, of which registered are. It has no
// script, and asks the browser to load it again after some seconds.
func WriteTracker(w io.Writer, s *dhtcore.Snapshot, torrents []dhtcore.TrackedTorrent, registered int, o report.Options) error {
	return pages.ExecuteTemplate(w, "tracker.html", &trackerPage{newContent(s, o), template.CSS(style), torrents, registered}) //nolint:gosec // a file of this package
}

// TrackerPolicy is the Content-Security-Policy of that page: its own style, and nothing else.
func TrackerPolicy() string {
	return "default-src 'none'; style-src " + source(style) + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// Runs reports whether there is a tracker.
func (p *trackerPage) Runs() bool { return p.s.Tracker != nil }

// Listening are the announce URLs.
func (p *trackerPage) Listening() (urls []string) {
	t := report.NewTrackerStats(p.s.Tracker, p.o)
	if t.HTTP != nil {
		urls = append(urls, t.HTTP.Listen...)
	}
	if t.UDP != nil {
		urls = append(urls, t.UDP.Listen...)
	}
	return urls
}

// Facts are the figures of the head.
func (p *trackerPage) Facts() (facts []fact) {
	t, totals := p.s.Tracker, &p.s.Tracker.Ranking.Totals
	return append(p.Tracker(),
		fact{"seeders", human.Count(totals.Seeders), "peers with all of a torrent"},
		fact{"leechers", human.Count(totals.Leechers), "peers that still download"},
		fact{"completed", human.Count(t.Completed), "downloads that have ended since the start"},
		fact{"announced", human.Count(t.AnnouncesHTTP + t.AnnouncesUDP), human.Count(t.AnnouncesHTTP) + " over HTTP, " + human.Count(t.AnnouncesUDP) + " over UDP"},
		fact{"scrapes", human.Count(t.ScrapesHTTP + t.ScrapesUDP), human.Count(t.ScrapesHTTP) + " over HTTP, " + human.Count(t.ScrapesUDP) + " over UDP"},
		fact{"registered", human.Count(p.registered), "torrents that the tracker was told of"},
		fact{"up", p.Up(), "since " + p.s.Started.UTC().Format("2006-01-02 15:04:05 UTC")})
}

// torrentRow is a row of the torrents.
type torrentRow struct{ Rank, Hash, Name, Seeders, Leechers, Completed, Rate, Size, Class string }

// Torrents are the torrents with the most peers, then those that are registered.
func (p *trackerPage) Torrents() (rows []torrentRow) {
	for i := range p.torrents {
		t := &p.torrents[i]
		row := torrentRow{Rank: human.Count(t.Rank), Hash: t.InfoHash.String(), Name: cmp.Or(p.o.Text(t.Name), t.InfoHash.String()),
			Seeders: dash(uint64(max(t.Seeders, 0))), Leechers: dash(uint64(max(t.Leechers, 0))), Completed: dash(uint64(max(t.Completed, 0))), Rate: "–", Size: "–"}
		if t.Rate > 0 {
			row.Rate = human.Rate(t.Rate * 60)
		}
		if t.Size > 0 {
			row.Size = human.Bytes(t.Size)
		}
		if t.Seeders == 0 {
			row.Class = "warn"
		}
		rows = append(rows, row)
	}
	return rows
}

// Refused are the requests that were refused, by reason, the most frequent first.
func (p *trackerPage) Refused() (facts []fact) {
	all := report.NewTrackerStats(p.s.Tracker, p.o).Errors
	slices.SortFunc(all, func(a, b report.TrackerError) int { return cmp.Compare(b.HTTP+b.UDP, a.HTTP+a.UDP) })
	for _, e := range all {
		facts = append(facts, fact{e.Reason, human.Count(e.HTTP + e.UDP), human.Count(e.HTTP) + " over HTTP, " + human.Count(e.UDP) + " over UDP"})
	}
	return facts
}

// Clients are the kinds of clients, the most frequent first.
func (p *trackerPage) Clients() (facts []fact) {
	for _, c := range p.s.Tracker.Clients {
		facts = append(facts, fact{p.o.Text(c.Name), human.Count(c.Announces), "announces"})
	}
	return facts
}
