package tracker

import (
	"net/netip"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The sparkline of the announces in a line of facts, in cells.
const (
	rateWidth = 20
	rateLeast = 8
)

// facts writes the figures as facts, what matters first, as far as there are lines, and returns how many it took. The
// requests are among them where they have no table.
func (p *page) facts(a canvas.Area, withRequests bool) int {
	f := &canvas.Facts{Area: a}
	requests := p.writeEvents
	if withRequests {
		requests = p.writeRequests
	}
	for _, write := range [...]func(*canvas.Facts){p.writeRate, p.writePeers, p.writeBridge, p.writeInterval, requests, p.writeClients, p.writeBans, p.writeSaved} {
		if f.Y >= a.H {
			break
		}
		write(f)
	}
	return min(f.Y, a.H)
}

// factsBelow writes those that no section of the page has, and takes their lines off a.
func (p *page) factsBelow(a *canvas.Area) (lines int) {
	f := &canvas.Facts{Area: *a}
	for _, write := range [...]func(*canvas.Facts){p.writeRate, p.writeInterval, p.writePeers, p.writeBridge, p.writeEvents, p.writeListens, p.writeSaved} {
		write(f)
	}
	lines = f.Y + 1
	a.TakeTop(lines)
	return lines
}

// writeRate writes how many announces come, and how many are aimed at.
func (p *page) writeRate(f *canvas.Facts) {
	w := f.Label("rate")
	role := theme.Text
	if p.t.Rate > 1.5*p.t.MaxRate && p.t.Interval >= p.t.MaxInterval {
		role = theme.Warn // the longest interval does not bring it down
	}
	w.Say(canvas.Styled(role, human.Rate(p.t.Rate)), canvas.Dim(" announces/s, aims at "), canvas.Text(human.Rate(p.t.MaxRate)))
	if h, room := p.t.History, min(rateWidth, w.Area.W-w.X); len(h) > 0 && room >= rateLeast {
		n := min(w.Area.Values(room), len(h))
		w.Area.Sparkline(w.X, w.Y, theme.Dim, h[len(h)-n:], canvas.Highest(h))
	}
	f.End(w)
}

// writeInterval writes when clients announce again.
func (p *page) writeInterval(f *canvas.Facts) {
	w := f.Label("interval")
	w.Say(canvas.Text(human.Age(p.t.Interval)), canvas.Dim(" now,"))
	w.Say(canvas.Dim("from "), canvas.Text(human.Age(p.t.MinInterval)), canvas.Dim(" to "), canvas.Text(human.Age(p.t.MaxInterval)))
	f.End(w)
}

// writePeers writes how large the swarms are.
func (p *page) writePeers(f *canvas.Facts) {
	t := p.t
	w := f.Label("peers")
	w.Say(canvas.Text(human.Count(t.Peers)), canvas.Dim(" in "), canvas.Text(human.Count(t.Swarms)), canvas.Dim(human.Plural(t.Swarms, " swarm:", " swarms:")))
	n := &t.Ranking.Totals
	w.Say(canvas.Text(human.Count(n.Seeders)), canvas.Dim(human.Plural(n.Seeders, " seeder,", " seeders,")))
	w.Say(canvas.Text(human.Count(n.Leechers)), canvas.Dim(human.Plural(n.Leechers, " leecher", " leechers")), canvas.Comma(n.Partial+n.Unseeded+t.Deserted > 0))
	if n.Partial > 0 {
		w.Say(canvas.Text(human.Count(n.Partial)), canvas.Dim(human.Plural(n.Partial, " partial seed", " partial seeds")), canvas.Comma(n.Unseeded+t.Deserted > 0))
	}
	if n.Unseeded > 0 {
		w.Say(canvas.Text(human.Count(n.Unseeded)), canvas.Dim(human.Plural(n.Unseeded, " swarm without a seeder", " swarms without a seeder")), canvas.Comma(t.Deserted > 0))
	}
	if t.Deserted > 0 {
		w.Say(canvas.Text(human.Count(t.Deserted)), canvas.Dim(" deserted"))
	}
	f.End(w)
}

// writeBridge writes what is offered of the DHT, where the bridge is on.
func (p *page) writeBridge(f *canvas.Facts) {
	b := p.t.Bridge
	if b == nil {
		return
	}
	w := f.Label("bridge")
	w.Say(canvas.Text(human.Count(b.Peers)), canvas.Dim(human.Plural(b.Peers, " peer of the DHT in ", " peers of the DHT in ")),
		canvas.Text(human.Count(b.Swarms)), canvas.Dim(human.Plural(b.Swarms, " swarm,", " swarms,")))
	w.Say(canvas.Text(human.Count(b.Lookups)), canvas.Dim(human.Plural(int(b.Lookups), " lookup,", " lookups,")))
	w.Say(canvas.Text(human.Count(b.Told)), canvas.Dim(" told to clients"))
	f.End(w)
}

// writeEvents writes how many peers came, finished and left.
func (p *page) writeEvents(f *canvas.Facts) {
	w := f.Label("events")
	w.Say(canvas.Text(human.Count(p.t.Started)), canvas.Dim(" started,"))
	w.Say(canvas.Text(human.Count(p.t.Completed)), canvas.Dim(" completed,"))
	w.Say(canvas.Text(human.Count(p.t.Stopped)), canvas.Dim(" stopped"))
	f.End(w)
}

// writeRequests writes how many requests there were, and how many were refused.
func (p *page) writeRequests(f *canvas.Facts) {
	t := p.t
	w := f.Label("requests")
	say := func(n uint64, one, many string, more bool) {
		w.Say(canvas.Text(human.Count(n)), canvas.Dim(human.Plural(n, one, many)), canvas.Comma(more))
	}
	say(t.AnnouncesHTTP+t.AnnouncesUDP, " announce", " announces", true)
	say(t.ScrapesHTTP+t.ScrapesUDP, " scrape", " scrapes", true)
	say(t.Failures, " refused", " refused", false)
	f.End(w)
}

// writeClients writes which clients announce most.
func (p *page) writeClients(f *canvas.Facts) {
	w := f.Parts("clients")
	w.Area = w.Area.Sub(0, 0, w.Area.W, 1)
	total := sumOf(p.t.Clients)
	for _, c := range p.t.Clients {
		if c.Name != dhtcore.OtherTrackerClients && !w.Say(canvas.Text(c.Name), canvas.Dim(" "+percent(c.Announces, total))) {
			break
		}
	}
	if total == 0 {
		w.Say(canvas.Dim("none yet"))
	}
	w.Y = 0
	f.End(w)
}

// writeBans writes who is banned.
func (p *page) writeBans(f *canvas.Facts) {
	w := f.Label("bans")
	if p.t.Banned == 0 {
		w.Say(canvas.Dim("none"))
	} else {
		w.Say(canvas.Styled(theme.Warn, human.Count(p.t.Banned)), canvas.Dim(human.Plural(p.t.Banned, " source that sends", " sources that send")+" bad connection IDs"))
	}
	f.End(w)
}

// writeListens writes the announce URLs.
func (p *page) writeListens(f *canvas.Facts) {
	w := f.Label("announce")
	for _, url := range urls(p.t, p.st) {
		w.Say(canvas.Text(url))
	}
	f.End(w)
}

// writeSaved writes whether the swarms outlive the run.
func (p *page) writeSaved(f *canvas.Facts) {
	w := f.Label("saved")
	switch {
	case !p.t.Keeps:
		w.Say(canvas.Dim("never: there is no data directory"))
	case p.t.Saved.IsZero():
		w.Say(canvas.Dim("not yet: every five minutes, and at the end"))
	default:
		w.Say(canvas.Text(human.Ago(p.s.At.Sub(p.t.Saved))))
	}
	f.End(w)
}

// urls are the announce URLs of a tracker.
func urls(t *dhtcore.Tracker, st *screen.State) (all []string) {
	add := func(scheme string, addr netip.AddrPort) {
		addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
		all = append(all, scheme+"://"+string(text.AppendAddr(nil, addr, st.Privacy()))+"/announce")
	}
	if t.HTTP.IsValid() {
		add("http", t.HTTP)
	}
	for _, addr := range t.UDP {
		add("udp", addr)
	}
	return all
}

// where is the first announce URL.
func where(t *dhtcore.Tracker, st *screen.State) string {
	if all := urls(t, st); len(all) > 0 {
		return all[0]
	}
	return ""
}
