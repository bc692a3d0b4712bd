package panes

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
)

// explained are all parts of the help that explain something, by their titles.
func explained() map[string]list.Section {
	all := map[string]list.Section{}
	add := func(st *screen.State) {
		for _, s := range explain(st) {
			all[s.Title] = s
		}
	}
	for p := range screen.Panes {
		for v := range screen.Views {
			add(&screen.State{Pane: p, View: v})
		}
	}
	add(&screen.State{Pane: screen.PacketsPane, Packet: new(screen.OpenPacket)})
	return all
}

func TestEveryColumnAndFigureExplainsItself(t *testing.T) {
	tables, sections := 0, explained()
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		tables += len(regexp.MustCompile(`(?m)^var \w+ = list\.Table\[`).FindAll(b, -1))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for title, s := range sections {
		if strings.HasPrefix(title, "columns of ") {
			columns++
		}
		for _, r := range s.Rows {
			if r.Name == "" || len(r.About) < 20 || len(r.About) > 320 || !strings.HasSuffix(r.About, ".") {
				t.Errorf("%s: %q is explained by %q", title, r.Name, r.About)
			}
		}
	}
	if columns != tables || tables < 10 {
		t.Errorf("the columns of %d of %d tables are explained", columns, tables)
	}
}

func TestWhatTheDoctorFindsIsExplained(t *testing.T) {
	findings := append(dhtcore.Diagnose(&dhtcore.Snapshot{Checkup: dhtcore.Checkup{Guest: true}}), dhtcore.Terminal{}.Finding())
	for _, f := range findings {
		if !slices.ContainsFunc(doctorHelp.Rows, func(e list.Explained) bool { return e.Name == f.Name }) {
			t.Errorf("the help does not explain %q", f.Name)
		}
	}
}

func TestTheColumnsOfTheListWhereTheKeysAreComeFirst(t *testing.T) {
	st := &screen.State{Pane: screen.LookupsPane, Zoom: true}
	if got := explain(st)[0].Title; got != "columns of the nodes asked" {
		t.Errorf("in the nodes of a lookup: %q", got)
	}
	st.Peers = true
	if got := explain(st)[0].Title; got != "columns of the peers" {
		t.Errorf("in its peers: %q", got)
	}
}
