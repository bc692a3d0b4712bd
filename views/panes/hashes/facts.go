package hashes

import (
	"math/bits"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/panes/lookups"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// What the facts of a hash list at most.
const (
	factLookups = 3
	factAlike   = 4
	factFiles   = 8
)

// drawFacts writes what is known of a hash, what matters first, and returns how many lines it took. Its lookups are
// among it where they have no list of their own.
func drawFacts(a canvas.Area, s *dhtcore.Snapshot, h *dhtcore.HashRow, d *dhtcore.Detail, withLookups bool) int {
	f := &canvas.Facts{Area: a}
	info := s.Metadata[h.InfoHash]
	if a.W < list.RoomForTitleID {
		f.Value("hash", dhtcore.ID(h.InfoHash).String())
	}
	writeTitle(f, h, info)
	writeDemand(f, h)
	writeSupply(f, h)
	writeRaw(f, h)
	writeMaintenance(f, h)
	writeSeen(f, s, h)
	if info != nil {
		writeTorrent(f, info)
	}
	writeAlike(f, h, d)
	if withLookups {
		writeLookups(f, s, h)
	}
	if info != nil {
		writeFiles(f, info)
	}
	writeKeys(f)
	return min(f.Y, a.H)
}

// writeTitle says what the torrent is.
func writeTitle(f *canvas.Facts, h *dhtcore.HashRow, info *dhtcore.MetadataInfo) {
	name := h.Name
	if info != nil {
		name = info.Name
	}
	w := f.Label("name")
	if name == "" {
		w.Say(canvas.Dim("unknown:"))
		w.Say(canvas.Title("n"), canvas.Dim(" asks the peers for it"))
		f.End(w)
		return
	}
	w.Say(canvas.Text(name))
	f.End(w)
}

// writeTorrent says what it is made of (BEP 9).
func writeTorrent(f *canvas.Facts, info *dhtcore.MetadataInfo) {
	w := f.Label("torrent")
	w.Say(canvas.Text(human.Bytes(info.Size)), canvas.Dim(" in "), canvas.Text(human.Count(info.FileCount)),
		canvas.Dim(human.Plural(info.FileCount, " file,", " files,")))
	w.Say(canvas.Text(human.Count(info.Pieces)), canvas.Dim(human.Plural(info.Pieces, " piece of ", " pieces of ")),
		canvas.Text(human.BinarySize(info.PieceLength)), canvas.Comma(info.Private))
	if info.Private {
		w.Say(canvas.Styled(theme.Warn, "private"), canvas.Dim(" (BEP 27)"))
	}
	f.End(w)
}

// writeDemand writes the requests for the hash.
func writeDemand(f *canvas.Facts, h *dhtcore.HashRow) {
	w := f.Label("demand")
	w.Say(canvas.Text(human.Count(h.Requests)), canvas.Dim(human.Plural(int(h.Requests), " request", " requests")))
	w.Say(canvas.Dim("by "), canvas.Text(human.Count(h.Sources)), canvas.Dim(human.Plural(h.Sources, " source,", " sources,")))
	w.Say(canvas.Text(string(human.AppendRate(f.Area.Scratch(), h.Rate*60))), canvas.Dim(" a minute now"))
	f.End(w)
	w = f.Label("")
	w.Say(canvas.Text(human.Count(h.Hour)), canvas.Dim(" in the last hour,"))
	w.Say(canvas.Text(human.Count(h.Minutes)), canvas.Dim(" in five minutes"))
	f.End(w)
}

// writeSupply writes how many peers have it. Beside the demand it shows which hashes many want and few have.
func writeSupply(f *canvas.Facts, h *dhtcore.HashRow) {
	w := f.Label("supply")
	w.Say(canvas.Text(human.Count(h.Peers)), canvas.Dim(human.Plural(h.Peers, " peer seen,", " peers seen,")))
	if h.Seeds == 0 && h.PeersEstimate == 0 {
		w.Say(canvas.Dim("swarm size unknown:"))
		w.Say(canvas.Title("l"), canvas.Dim(" looks it up"))
		f.End(w)
		return
	}
	w.Say(canvas.Dim("~"), canvas.Text(human.Count(h.Seeds)), canvas.Dim(human.Plural(h.Seeds, " seed,", " seeds,")))
	w.Say(canvas.Dim("~"), canvas.Text(human.Count(h.PeersEstimate)), canvas.Dim(human.Plural(h.PeersEstimate, " leecher", " leechers")),
		canvas.Dim(" (BEP 33)"))
	f.End(w)
}

// writeRaw says how many requests there were before repeats were left out.
func writeRaw(f *canvas.Facts, h *dhtcore.HashRow) {
	w := f.Label("raw")
	repeats := int(h.RawRequests - min(h.Requests, h.RawRequests))
	w.Say(canvas.Text(human.Count(h.RawRequests)), canvas.Dim(human.Plural(int(h.RawRequests), " request,", " requests,")))
	if repeats == 0 {
		w.Say(canvas.Dim("none repeated within a minute"))
		f.End(w)
		return
	}
	w.Say(canvas.Text(human.Count(repeats)), canvas.Dim(human.Plural(repeats, " repeated", " of them repeated")),
		canvas.Dim(" by the same source within a minute"))
	f.End(w)
}

// writeMaintenance says why the requests for a hash that is no torrent do not count.
func writeMaintenance(f *canvas.Facts, h *dhtcore.HashRow) {
	if h.Maintenance == 0 {
		return
	}
	w := f.Label("")
	w.Say(canvas.Text(human.Count(h.Maintenance)), canvas.Dim(human.Plural(int(h.Maintenance), " request keeps", " requests keep")),
		canvas.Dim(" a routing table: the hash is near the asker's ID,"))
	w.Say(canvas.Dim("and nothing shows that it is a torrent"))
	f.End(w)
}

// writeSeen says when and where the hash was seen.
func writeSeen(f *canvas.Facts, s *dhtcore.Snapshot, h *dhtcore.HashRow) {
	w := f.Label("seen")
	if !h.FirstSeen.IsZero() {
		w.Say(canvas.Dim("first "), canvas.Text(human.Ago(s.At.Sub(h.FirstSeen))), canvas.Dim(","))
		w.Say(canvas.Dim("last "), canvas.Text(human.Ago(s.At.Sub(h.LastSeen))), canvas.Dim(","))
	}
	w.Say(canvas.Text(human.Count(h.Announces)), canvas.Dim(human.Plural(int(h.Announces), " announce,", " announces,")))
	vantages := bits.OnesCount16(h.Vantages)
	w.Say(canvas.Text(human.Count(h.Samples)), canvas.Dim(human.Plural(int(h.Samples), " sample", " samples")), canvas.Comma(vantages > 0 || h.Tracked > 0))
	if h.Tracked > 0 {
		w.Say(canvas.Text(human.Count(h.Tracked)), canvas.Dim(human.Plural(int(h.Tracked), " announce", " announces")), canvas.Dim(" to our tracker"), canvas.Comma(vantages > 0))
	}
	if vantages > 0 {
		w.Say(canvas.Dim("by "), canvas.Text(human.Count(vantages)), canvas.Dim(human.Plural(vantages, " vantage", " vantages")))
	}
	f.End(w)
}

// writeAlike lists the hashes that look like this one, and what that means.
func writeAlike(f *canvas.Facts, h *dhtcore.HashRow, d *dhtcore.Detail) {
	if h.Related == 0 && (d == nil || len(d.Related) == 0) {
		return
	}
	w := f.Label("alike")
	n := h.Related
	if d != nil {
		n = max(n, len(d.Related))
	}
	f.Area.Set(len("alike")+2, f.Y, theme.Warn, theme.Alike)
	w.Say(canvas.Styled(theme.Warn, human.Count(n)), canvas.Styled(theme.Warn, human.Plural(n, " other hash begins and ends like this one", " other hashes begin and end like this one")))
	f.End(w)
	if d != nil {
		for i := range d.Related[:min(len(d.Related), factAlike)] {
			r := &d.Related[i]
			w := f.Label("")
			w.Say(canvas.Dim(string(text.Ellipsis)), canvas.Text(middle(r.InfoHash)), canvas.Dim(string(text.Ellipsis)))
			w.Say(canvas.Text(human.Count(r.Requests)), canvas.Dim(human.Plural(int(r.Requests), " request", " requests")))
			if r.Name != "" && w.Y == 0 {
				w.Area.Left(w.X, w.Y, w.Area.W-w.X, theme.Dim, r.Name)
			}
			f.End(w)
		}
	}
	f.Explain("", theme.Dim, "Two hashes are two torrents: they are never merged. Near-equal ones are a sign of "+
		"tampering or of a typo.")
}

// writeLookups lists the lookups of the hash, the newest first.
func writeLookups(f *canvas.Facts, s *dhtcore.Snapshot, h *dhtcore.HashRow) {
	label := "lookups"
	for i, n := 0, 0; i < len(s.Lookups) && n < factLookups; i++ {
		lk := &s.Lookups[i]
		if lk.Target != h.InfoHash || lk.Method != dhtcore.GetPeers {
			continue
		}
		w := f.Label(label)
		label = ""
		n++
		glyph, role, name := lookups.Style(lk)
		w.Say(canvas.Styled(role, string(glyph)), canvas.Styled(role, " "), canvas.Styled(role, name), canvas.Dim(" "),
			canvas.Text(human.Ago(s.At.Sub(lk.Started))), canvas.Dim(","))
		w.Say(canvas.Text(human.Duration(lk.Elapsed)), canvas.Dim(","))
		w.Say(canvas.Text(human.Count(lk.Asked)), canvas.Dim(" asked,"))
		w.Say(canvas.Text(human.Count(len(lk.Peers))), canvas.Dim(human.Plural(len(lk.Peers), " peer", " peers")), canvas.Comma(lk.Done))
		if lk.Done {
			risk, level := lookups.RiskStyle(lk)
			w.Say(canvas.Dim("risk "), canvas.Styled(risk, level))
		}
		f.End(w)
	}
	if label != "" {
		w := f.Label(label)
		w.Say(canvas.Dim("none yet:"))
		w.Say(canvas.Title("l"), canvas.Dim(" starts one"))
		f.End(w)
	}
}

// writeKeys lists the keys that act on the hash.
func writeKeys(f *canvas.Facts) {
	w := f.Label("keys")
	for i, k := range [...]struct{ key, does string }{{"l", " looks up"}, {"enter", " opens the lookup"}, {"n", " names"},
		{"a", " announces"}, {"y", " copies the hash"}, {"Y", " the magnet link"}} {
		w.Say(canvas.Title(k.key), canvas.Dim(k.does), canvas.Comma(i < 5))
	}
	f.End(w)
}

// writeFiles lists the first files of a torrent.
func writeFiles(f *canvas.Facts, info *dhtcore.MetadataInfo) {
	if len(info.Files) == 0 || info.FileCount == 1 {
		return
	}
	room := min(f.Area.H-f.Y, factFiles)
	if room < 2 {
		return
	}
	n := min(len(info.Files), room)
	if n < info.FileCount {
		n = min(n, room-1)
	}
	label := "files"
	for i := range n {
		w := f.Label(label)
		label = ""
		size := human.Bytes(info.Files[i].Length)
		w.Area.Right(0, 0, min(fileSize, w.Area.W), theme.Dim, size)
		w.Area.Left(fileSize+1, 0, w.Area.W-fileSize-1, theme.Text, info.Files[i].Path)
		f.End(w)
	}
	if more := info.FileCount - n; more > 0 {
		w := f.Label("")
		w.Say(canvas.Dim("and "), canvas.Dim(human.Count(more)), canvas.Dim(" more"))
		f.End(w)
	}
}

// fileSize is how many cells the size of a file takes.
const fileSize = 8

// middle writes the digits of a hash that distinguish it from its look-alikes.
func middle(id dhtcore.ID) string { return text.Prefix(id, 40)[10:35] }
