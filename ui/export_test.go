package ui

import (
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// exportTo goes through the export's prompts up to the file name.
func (s *stage) exportTo(format, path string) {
	s.keys("e", "ctrl+u")
	s.typed(format)
	s.keys("enter", "ctrl+u")
	s.typed(path)
	s.keys("enter")
}

func TestExportWritesWhatIsShown(t *testing.T) {
	dir := t.TempDir()
	play(t, func(s *stage) {
		s.keys("e", "ctrl+u")
		s.typed("pdf")
		s.keys("enter")
		s.sees("! unknown format", "pdf▏")
		s.keys("esc")
		s.keys("e", "ctrl+u")
		s.typed("magnet")
		s.keys("enter")
		s.sees("export to dhtop-", ".txt▏", "file for 3 hashes")
		s.keys("ctrl+u", "enter")
		s.sees("! type a file name")
		s.typed(filepath.Join(dir, "no", "such", "dir"))
		s.keys("enter")
		s.sees("! cannot write ")
		s.exportTo("csv", filepath.Join(dir, "out.csv"))
		s.sees("wrote 3 hashes to")
	})
	got, err := os.ReadFile(filepath.Join(dir, "out.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(got), "\n"); lines != 4 || !strings.Contains(string(got), strings.Repeat("aa", 20)) {
		t.Errorf("wrote %q", got)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("the directory holds %v, %v", left, err)
	}
}

func TestExportWritesToWhatALinkPointsTo(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "real.csv"), filepath.Join(dir, "link.csv")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	play(t, func(s *stage) {
		s.exportTo("csv", link)
		s.typed("y")
		s.keys("enter")
		s.sees("wrote 3 hashes")
	})
	if got, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(got), "rank,") {
		t.Errorf("the file holds %q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info.Mode(), err)
	}
}

func TestExportNeverOverwritesWithoutAsking(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.ndjson")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	play(t, func(s *stage) {
		s.exportTo("ndjson", path)
		s.sees("overwrite? ▏", "mine.ndjson exists")
		s.keys("enter")
		s.sees("! type y or n")
		s.typed("n")
		s.keys("enter")
		s.sees("kept ")
		if got, _ := os.ReadFile(path); string(got) != "precious" {
			t.Fatalf("overwrote it with %q", got)
		}
		late := export{path: path}
		if err := late.write(false); err == nil { // as if the file had come after the question
			t.Error("wrote over a file that had come meanwhile")
		}
		s.exportTo("ndjson", dir)
		s.sees("is not a regular file: type another name")
		s.keys("esc")
		s.exportTo("ndjson", path)
		s.typed("y")
		s.keys("enter")
		s.sees("wrote 3 hashes")
	})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() < 100 {
		t.Errorf("%v, %v: lost its permissions or was not written", info, err)
	}
}

// exported exports in a format and returns the file.
func (s *stage) exported(format string) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), "out")
	s.exportTo(format, path)
	got, err := os.ReadFile(path)
	if err != nil {
		s.Fatalf("%v\n%s", err, s.screen())
	}
	return string(got)
}

// listed is what the tests read of a row of JSON, whatever it is.
type listed struct {
	ID, About             dhtcore.ID
	Addr, Kind, Name, Raw string
	Direction, Method     string
	Vantage, Size         int
	InfoHash              dhtcore.ID `json:"info_hash"`
	NodesSeen             int        `json:"nodes_seen"`
	Top, Steps            []any
	Peers                 []report.Peer
}

// read reads rows of JSON or NDJSON.
func (s *stage) read(file string) (rows []listed) {
	s.Helper()
	for d := json.NewDecoder(strings.NewReader(file)); d.More(); {
		var next json.RawMessage
		if err := d.Decode(&next); err != nil {
			s.Fatalf("%v: %s", err, file)
		}
		var some []listed
		if next[0] != '[' {
			next = slices.Concat([]byte{'['}, next, []byte{']'})
		}
		if err := json.Unmarshal(next, &some); err != nil {
			s.Fatalf("%v: %s", err, file)
		}
		rows = append(rows, some...)
	}
	return rows
}

// table reads a file of CSV.
func (s *stage) table(file string) [][]string {
	s.Helper()
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		s.Fatalf("%v: %s", err, file)
	}
	return rows
}

func TestTheNodesAreExportedAsTheyAreListed(t *testing.T) {
	play(t, func(s *stage) {
		s.show(twoNodes(nil))
		s.keys("3", "e")
		s.sees("export as csv▏", "csv, json, ndjson or plain")
		s.keys("ctrl+u")
		s.typed("magnet")
		s.keys("enter")
		s.sees("! only hashes have magnet links: type csv, json, ndjson or plain")
		s.keys("esc")
		for range 4 { // by client
			s.keys(">")
		}
		rows := s.table(s.exported("csv"))
		if len(rows) != 3 || rows[0][0] != "id" || rows[1][6] != "Transmission" || rows[2][6] != "libtorrent 2.0.8" {
			t.Errorf("wrote %q", rows)
		}
		s.sees("wrote 2 nodes to ")
		s.keys("/")
		s.typed("libtorrent")
		s.keys("enter")
		nodes := s.read(s.exported("json"))
		if len(nodes) != 1 || nodes[0].ID != hash("f2") || nodes[0].Addr != "192.0.2.7:6881" || nodes[0].Vantage != 1 {
			t.Errorf("wrote %+v", nodes)
		}
		if plain := s.exported("plain"); strings.Count(plain, "\n") != 1 || !strings.Contains(plain, "192.0.2.7:6881") {
			t.Errorf("wrote %q", plain)
		}
	})
}

func TestLookupsAreExportedInTheShapeOfPeers(t *testing.T) {
	play(t, func(s *stage) {
		snap := doneLookup(doneLookup(scene("aa"), "d1"), "d2")
		snap.Metadata = map[dhtcore.ID]*dhtcore.MetadataInfo{hash("d2"): {Name: "a name"}}
		s.show(snap)
		s.keys("4")
		all := s.read(s.exported("json"))
		if len(all) != 2 || all[0].InfoHash != hash("d2") || all[0].Name != "a name" || all[0].Steps != nil ||
			all[0].Peers[1].Addr != "10.0.1.1:51413" || all[0].Peers[1].From[0] != "10.0.0.0:6881" {
			t.Errorf("wrote %+v", all)
		}
		if rows := s.table(s.exported("csv")); len(rows) != 5 || rows[4][1] != "10.0.1.1:51413" {
			t.Errorf("wrote %q", rows)
		}
		s.keys("j", "enter")
		one := s.read(s.exported("ndjson"))
		if len(one) != 1 || one[0].Kind != report.KindLookup || one[0].InfoHash != hash("d1") || len(one[0].Steps) != 3 {
			t.Errorf("wrote %+v", one)
		}
	})
}

func TestPacketsAreExportedAsTheyAreFiltered(t *testing.T) {
	play(t, func(s *stage) {
		s.show(addPackets(scene("aa"), "d3", "d2", "d1"))
		s.keys("5", "/")
		s.typed("!d2d2")
		s.keys("enter")
		packets := s.read(s.exported("ndjson"))
		if len(packets) != 2 || packets[1].About != hash("d1") {
			t.Fatalf("wrote %+v", packets)
		}
		p, raw := packets[0], s.snap.Packets.Log[0].Payload
		if p.Direction != "in" || p.Addr != "192.0.2.7:6881" || p.Kind != "query" || p.Method != "get_peers" ||
			p.ID != hash("02") || p.Size != len(raw) || p.Raw != hex.EncodeToString(raw) {
			t.Errorf("wrote %+v", p)
		}
		if rows := s.table(s.exported("csv")); len(rows) != 3 || rows[2][10] != hex.EncodeToString(s.snap.Packets.Log[2].Payload) {
			t.Errorf("wrote %q", rows)
		}
		if file := s.exported("pcapng"); !strings.HasPrefix(file, "\n\r\r\n") || !strings.Contains(file, "get_peers about d1d1") ||
			strings.Index(file, "about d1d1") > strings.Index(file, "about d3d3") || strings.Contains(file, "about d2d2") {
			t.Errorf("wrote %q", file)
		}
		s.keys("enter") // the one that is open
		if plain := s.exported("plain"); strings.Count(plain, "\n") != 1 || !strings.Contains(plain, "about d3d3") {
			t.Errorf("wrote %q", plain)
		}
	})
}

func TestTheCrawlIsExportedAsItsSummaryOrItsKeyspace(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("6", "e")
		s.sees("the crawl has found nothing yet: c starts it")
		snap := scene("aa", "bb")
		snap.Crawl.Running, snap.Crawl.Sweep, snap.Crawl.NodesAsked, snap.Crawl.Cells[7].Hashes = true, 1, 40, 12
		s.show(snap)
		if one := s.read(s.exported("json")); len(one) != 1 || one[0].NodesSeen != 40 || len(one[0].Top) != 2 {
			t.Errorf("wrote %+v", one)
		}
		if rows := s.table(s.exported("csv")); len(rows) != 257 || !slices.Equal(rows[8], []string{"07", "0", "0", "0", "12"}) {
			t.Errorf("wrote %q", rows)
		}
		if plain := s.exported("plain"); !strings.Contains(plain, "Discovered 2 unique") {
			t.Errorf("wrote %q", plain)
		}
		s.keys("j", "enter")
		if rows := s.table(s.exported("csv")); len(rows) != 257 || len(rows[1][0]) != 4 || !slices.Equal(rows[0x42+1][1:], []string{"1", "0", "0", "0"}) {
			t.Errorf("wrote %q", rows)
		}
	})
}

func TestAnOpenHashIsExportedAlone(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("2", "j", "enter")
		if got := s.exported("magnet"); got != "magnet:?xt=urn:btih:"+hash("bb").String()+"&dn=name%20of%20bb\n" {
			t.Errorf("wrote %q", got)
		}
		s.keys("D")
		s.m.state.Pane, s.m.state.View = screen.TrafficPane, screen.KeptView // where nothing is listed
		s.keys("D", "e")
		s.sees("nothing to export in this pane")
	})
}

func TestAnExportThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	full := export{exportContent: exportContent{render: func(io.Writer, report.Format) error { return errors.New("the disk is full") }}, path: filepath.Join(dir, "out")}
	if err := full.write(false); err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a disk that is full is told as %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestTabGoesThroughTheFormatsOfAnExportAndTheFirstKeyReplaces(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("e")
		s.sees("export as csv▏", "tab goes through them")
		s.keys("tab")
		s.sees("export as json▏")
		s.keys("shift+tab", "shift+tab")
		s.seesNot("export as json▏")
		s.typed("json")
		s.sees("export as json▏")
		s.keys("backspace")
		s.sees("export as jso▏")
	})
}
