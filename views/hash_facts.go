package views

import (
	"math/bits"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// What the facts of a hash list at most.
const (
	factLookups = 3
	factAlike   = 4
	factFiles   = 8
)

// drawHashFacts writes what is known of a hash, what matters first, and returns how many lines it took.
func drawHashFacts(a area, s *dhtcore.Snapshot, st *State, h *dhtcore.HashRow, d *dhtcore.Detail) int {
	f := &facts{a: a}
	info := s.Metadata[h.InfoHash]
	if a.w < roomForWholeID {
		f.value("hash", dhtcore.ID(h.InfoHash).String())
	}
	f.called(h, info)
	f.demand(h)
	f.supply(h)
	f.counted(h)
	f.sightings(s, h)
	if info != nil {
		f.torrent(info)
	}
	f.alike(h, d)
	f.lookups(s, h)
	f.does()
	if info != nil {
		f.files(info)
	}
	return min(f.y, a.h)
}

// called says what the torrent is.
func (f *facts) called(h *dhtcore.HashRow, info *dhtcore.Metadata) {
	name := h.Name
	if info != nil {
		name = info.Name
	}
	w := f.about("name")
	if name == "" {
		w.say(Dim("not known:"))
		w.say(Title("n"), Dim(" asks the peers for it"))
		f.end(w)
		return
	}
	w.say(Text(name))
	f.end(w)
}

// torrent says what it is made of (BEP 9).
func (f *facts) torrent(info *dhtcore.Metadata) {
	w := f.about("torrent")
	w.say(Text(human.Bytes(info.Size)), Dim(" in "), Text(human.Count(info.FileCount)),
		Dim(human.Plural(info.FileCount, " file,", " files,")))
	w.say(Text(human.Count(info.Pieces)), Dim(human.Plural(info.Pieces, " piece of ", " pieces of ")),
		Text(human.BinarySize(info.PieceLength)), comma(info.Private))
	if info.Private {
		w.say(Styled(theme.Warn, "private"), Dim(" (BEP 27)"))
	}
	f.end(w)
}

// demand says how much the hash is asked for.
func (f *facts) demand(h *dhtcore.HashRow) {
	w := f.about("demand")
	w.say(Text(human.Count(h.Requests)), Dim(human.Plural(int(h.Requests), " request", " requests")))
	w.say(Dim("by "), Text(human.Count(h.Sources)), Dim(human.Plural(h.Sources, " source,", " sources,")))
	w.say(Text(string(human.AppendRate(f.a.scratch(), h.Rate*60))), Dim(" a minute now"))
	f.end(w)
	w = f.about("")
	w.say(Text(human.Count(h.Hour)), Dim(" in the last hour,"))
	w.say(Text(human.Count(h.Minutes)), Dim(" in five minutes"))
	f.end(w)
}

// supply says who has it, beside the demand: what many want and few have is what one looks for.
func (f *facts) supply(h *dhtcore.HashRow) {
	w := f.about("supply")
	w.say(Text(human.Count(h.Peers)), Dim(human.Plural(h.Peers, " peer met,", " peers met,")))
	if h.Seeds == 0 && h.PeersEstimate == 0 {
		w.say(Dim("swarm not known yet:"))
		w.say(Title("l"), Dim(" looks it up"))
		f.end(w)
		return
	}
	w.say(Dim("~"), Text(human.Count(h.Seeds)), Dim(human.Plural(h.Seeds, " seed,", " seeds,")))
	w.say(Dim("~"), Text(human.Count(h.PeersEstimate)), Dim(human.Plural(h.PeersEstimate, " leecher", " leechers")),
		Dim(" (BEP 33)"))
	f.end(w)
}

// counted says how many requests there were before repeats were left out.
func (f *facts) counted(h *dhtcore.HashRow) {
	w := f.about("raw")
	repeats := int(h.RawRequests - min(h.Requests, h.RawRequests))
	w.say(Text(human.Count(h.RawRequests)), Dim(human.Plural(int(h.RawRequests), " request,", " requests,")))
	if repeats == 0 {
		w.say(Dim("no source asked again within a minute"))
		f.end(w)
		return
	}
	w.say(Text(human.Count(repeats)), Dim(human.Plural(repeats, " a repeat", " of them repeats")),
		Dim(" of a source within a minute"))
	f.end(w)
}

// sightings says when and where the hash was seen.
func (f *facts) sightings(s *dhtcore.Snapshot, h *dhtcore.HashRow) {
	w := f.about("seen")
	if !h.FirstSeen.IsZero() {
		w.say(Dim("first "), Text(human.Ago(s.At.Sub(h.FirstSeen))), Dim(","))
		w.say(Dim("last "), Text(human.Ago(s.At.Sub(h.LastSeen))), Dim(","))
	}
	w.say(Text(human.Count(h.Announces)), Dim(human.Plural(int(h.Announces), " announce,", " announces,")))
	vantages := bits.OnesCount16(h.Vantages)
	w.say(Text(human.Count(h.Samples)), Dim(human.Plural(int(h.Samples), " sample", " samples")), comma(vantages > 0))
	if vantages > 0 {
		w.say(Dim("by "), Text(human.Count(vantages)), Dim(human.Plural(vantages, " vantage", " vantages")))
	}
	f.end(w)
}

// alike lists the hashes that look like this one, and what that means.
func (f *facts) alike(h *dhtcore.HashRow, d *dhtcore.Detail) {
	if h.Related == 0 && (d == nil || len(d.Related) == 0) {
		return
	}
	w := f.about("alike")
	n := h.Related
	if d != nil {
		n = max(n, len(d.Related))
	}
	f.a.set(len("alike")+2, f.y, theme.Warn, theme.Alike)
	w.say(Styled(theme.Warn, human.Count(n)), Styled(theme.Warn, human.Plural(n, " other hash begins and ends like this one", " other hashes begin and end like this one")))
	f.end(w)
	if d != nil {
		for i := range d.Related[:min(len(d.Related), factAlike)] {
			r := &d.Related[i]
			w := f.about("")
			w.say(Dim(string(text.Ellipsis)), Text(middle(r.InfoHash)), Dim(string(text.Ellipsis)))
			w.say(Text(human.Count(r.Requests)), Dim(human.Plural(int(r.Requests), " request", " requests")))
			if r.Name != "" && w.y == 0 {
				w.a.left(w.x, w.y, w.a.w-w.x, theme.Dim, r.Name)
			}
			f.end(w)
		}
	}
	f.explain("", theme.Dim, "Two hashes are two torrents: they are never merged. Near-equal ones are a sign of tampering or of a typo.")
}

// lookups lists the lookups of the hash, the newest first.
func (f *facts) lookups(s *dhtcore.Snapshot, h *dhtcore.HashRow) {
	label := "lookups"
	for i, n := 0, 0; i < len(s.Lookups) && n < factLookups; i++ {
		lk := &s.Lookups[i]
		if lk.Target != h.InfoHash || lk.Method != dhtcore.GetPeers {
			continue
		}
		w := f.about(label)
		label = ""
		n++
		glyph, role, name := lookupLook(lk)
		w.say(Styled(role, string(glyph)), Styled(role, " "), Styled(role, name), Dim(" "),
			Text(human.Ago(s.At.Sub(lk.Started))), Dim(","))
		w.say(Text(human.Duration(lk.Elapsed)), Dim(","))
		w.say(Text(human.Count(lk.Asked)), Dim(" asked,"))
		w.say(Text(human.Count(len(lk.Peers))), Dim(human.Plural(len(lk.Peers), " peer", " peers")), comma(lk.Done))
		if lk.Done {
			risk, level := riskLook(lk)
			w.say(Dim("risk "), Styled(risk, level))
		}
		f.end(w)
	}
	if label != "" {
		w := f.about(label)
		w.say(Dim("none yet:"))
		w.say(Title("l"), Dim(" starts one"))
		f.end(w)
	}
}

// does says what can be done with the hash.
func (f *facts) does() {
	w := f.about("keys")
	for i, k := range [...]struct{ key, does string }{{"l", " looks up"}, {"enter", " opens the lookup"}, {"n", " names"},
		{"a", " announces"}, {"y", " copies the hash"}, {"Y", " the magnet link"}} {
		w.say(Title(k.key), Dim(k.does), comma(i < 5))
	}
	f.end(w)
}

// files lists the first files of a torrent.
func (f *facts) files(info *dhtcore.Metadata) {
	if len(info.Files) == 0 || info.FileCount == 1 {
		return
	}
	room := min(f.a.h-f.y, factFiles)
	if room < 2 {
		return
	}
	n := min(len(info.Files), room)
	if n < info.FileCount {
		n = min(n, room-1)
	}
	label := "files"
	for i := range n {
		w := f.about(label)
		label = ""
		size := human.Bytes(info.Files[i].Length)
		w.a.right(0, 0, min(fileSize, w.a.w), theme.Dim, size)
		w.a.left(fileSize+1, 0, w.a.w-fileSize-1, theme.Text, info.Files[i].Path)
		f.end(w)
	}
	if more := info.FileCount - n; more > 0 {
		w := f.about("")
		w.say(Dim("and "), Dim(human.Count(more)), Dim(" more"))
		f.end(w)
	}
}

// fileSize is how many cells the size of a file takes.
const fileSize = 8

// middle writes the digits of a hash that tell it from those that look like it.
func middle(id dhtcore.ID) string { return text.Prefix(id, 40)[10:35] }
