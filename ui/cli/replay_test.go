package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/cli/exit"
	"dhtop/views"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// demoRecording is twelve seconds of a demo of 25 nodes.
const demoRecording = "testdata/demo.dhtrec"

// frames draws all panes at several sizes.
func frames(s *dhtcore.Snapshot) map[string]string {
	all := make(map[string]string)
	for p := range screen.Panes {
		for _, zoom := range []bool{false, true} {
			for name, size := range map[string][2]int{"200x60": {200, 60}, "80x24": {80, 24}} {
				st := &screen.State{Theme: theme.New("dark"), Pane: p, Zoom: zoom}
				st.Follow(s)
				lines, _ := views.Frame(s, st, size[0], size[1])
				if zoom {
					name += " zoomed"
				}
				all[p.String()+" "+name] = strings.Join(lines, "\n")
			}
		}
	}
	return all
}

func TestADemoThatIsReplayedGivesTheSameFramesAtEverySecond(t *testing.T) {
	t.Parallel()
	e, err := dhtcore.Open(dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 25, Seed: 7}, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	go e.Run(t.Context()) //nolint:errcheck // it ends with the test
	path := filepath.Join(t.TempDir(), "demo.dhtrec")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w, err := record.NewWriter[dhtcore.Snapshot](file)
	if err != nil {
		t.Fatal(err)
	}
	const seconds = 4
	var live [seconds]map[string]string
	var at [seconds]time.Time
	every := time.NewTicker(time.Second)
	defer every.Stop()
	for i := range seconds {
		<-every.C
		s := e.Snapshot()
		live[i], at[i] = frames(s), s.At
		if err := w.Write(s.At, s.Portable()); err != nil {
			t.Fatal(err)
		}
	}
	p, err := openPlayback([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if first, last := p.Span(); !first.Equal(at[0]) || !last.Equal(at[seconds-1]) {
		t.Errorf("the recording goes from %s to %s", first, last)
	}
	for i := range seconds {
		s, was, err := p.At(at[i].Add(500 * time.Millisecond))
		if err != nil || !was.Equal(at[i]) {
			t.Fatalf("second %d: %s, %v", i, was, err)
		}
		for name, frame := range frames(s) {
			if frame != live[i][name] {
				t.Errorf("second %d, %s: replayed\n%s\nwas\n%s", i, name, frame, live[i][name])
			}
		}
	}
}

func TestReplayPrintsWhatWasSeen(t *testing.T) {
	code, out, errs := dhtop(t, "", "replay", demoRecording, "--json", "--top", "3")
	var summary struct {
		Hashes, Requests int
		ElapsedMS        int `json:"elapsed_ms"`
		Top              []struct{ Name string }
	}
	if err := json.Unmarshal([]byte(out), &summary); code != exit.Done || err != nil || errs != "" {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	if summary.Hashes == 0 || summary.Requests == 0 || len(summary.Top) != 3 || summary.ElapsedMS < 9000 {
		t.Errorf("%+v", summary)
	}
	total := summary.ElapsedMS
	_, early, _ := dhtop(t, "", "replay", demoRecording, "--json", "--at", "+3s")
	if err := json.Unmarshal([]byte(early), &summary); err != nil || summary.ElapsedMS > 4000 || summary.ElapsedMS >= total {
		t.Errorf("three seconds after the start: %v, %d ms", err, summary.ElapsedMS)
	}
	_, out, _ = dhtop(t, "", "replay", demoRecording)
	if !strings.Contains(out, "Top info_hashes by request count") {
		t.Errorf("in a pipe: %s", out)
	}
	_, out, _ = dhtop(t, "", "replay", demoRecording, "--csv", "--top", "2")
	if rows := strings.Split(strings.TrimSpace(out), "\n"); len(rows) != 3 || !strings.HasPrefix(rows[0], "rank,info_hash,name") {
		t.Errorf("CSV: %s", out)
	}
}

func TestReplayPrintsTheEventsThatWereRecorded(t *testing.T) {
	_, out, _ := dhtop(t, "", "replay", demoRecording, "--ndjson")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	var last uint64
	for _, line := range lines[:len(lines)-1] {
		var e struct{ Seq uint64 }
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Seq <= last {
			t.Fatalf("after event %d: %s", last, line)
		}
		last = e.Seq
	}
	if len(lines) < 100 || !strings.Contains(lines[len(lines)-1], `"kind":"summary"`) {
		t.Errorf("%d lines, the last %s", len(lines), lines[len(lines)-1])
	}
	_, late, _ := dhtop(t, "", "replay", demoRecording, "--ndjson", "--at", "-3s")
	if n := strings.Count(late, "\n"); n < 2 || n >= len(lines) {
		t.Errorf("%d lines of the last three seconds", n)
	}
	code, masked, _ := dhtop(t, "", "replay", demoRecording, "--ndjson", "--mask-ips")
	if code != exit.Done || strings.Count(masked, "\n") != len(lines) || masked == out {
		t.Errorf("masked: %d lines", strings.Count(masked, "\n"))
	}
}

func TestReplayWritesAnotherRecording(t *testing.T) {
	dir := t.TempDir()
	whole, part, masked := filepath.Join(dir, "whole.dhtrec"), filepath.Join(dir, "part.dhtrec"), filepath.Join(dir, "masked.dhtrec")
	for _, args := range []string{"-o " + whole, "-o " + part + " --at -4s", "-o " + masked + " --mask-ips"} {
		if code, out, errs := dhtop(t, "", append([]string{"replay", demoRecording}, strings.Fields(args)...)...); code != exit.Done || out+errs != "" {
			t.Fatalf("%s: exit code %d, %s%s", args, code, out, errs)
		}
	}
	print := func(path string) string {
		_, out, _ := dhtop(t, "", "replay", path, "--ndjson")
		return out
	}
	before, hidden := print(demoRecording), print(masked)
	if print(whole) != before {
		t.Error("the copy has other events")
	}
	p, err := openPlayback([]string{part})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if first, last := p.Span(); last.Sub(first) < 2*time.Second || last.Sub(first) > 6*time.Second {
		t.Errorf("the part is of %v", last.Sub(first))
	}
	if n := strings.Count(hidden, "\n"); n != strings.Count(before, "\n") {
		t.Errorf("the masked copy has %d events", n)
	}
	for _, secret := range []string{"51600dcfea4f4b947fb23d98768705e8c723475a", "Charles Dickens", "127.64.153.66:55775"} {
		if !strings.Contains(before, secret) || strings.Contains(hidden, secret) {
			t.Errorf("%q: %v in the recording, %v in the masked copy", secret, strings.Contains(before, secret), strings.Contains(hidden, secret))
		}
	}
	if info, err := os.Stat(whole); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is readable for others: %v, %v", info.Mode(), err)
	}
}

func TestExportReadsARecording(t *testing.T) {
	code, out, errs := dhtop(t, "", "export", "--from", demoRecording, "--format", "csv", "--limit", "2", "--filter", "name:iso")
	rows := strings.Split(strings.TrimSpace(out), "\n")
	if code != exit.Done || errs != "" || len(rows) != 3 || !strings.HasPrefix(rows[0], "rank,info_hash,name,requests") || !strings.Contains(rows[1], ".iso") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	for args, want := range map[string]string{"replay_test.go": "this is no recording", demoRecording + " --demo": "pass one of them"} {
		if code, _, errs := dhtop(t, "", append([]string{"export", "--from"}, strings.Fields(args)...)...); code != exit.Usage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit code %d, %s", args, code, errs)
		}
	}
}

func TestReplayLeavesDamageOutAndSaysSo(t *testing.T) {
	b, err := os.ReadFile(demoRecording)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hurt.dhtrec")
	if err := os.WriteFile(path, append(bytes.Clone(b[:len(b)*2/3]), "and then the disk failed"...), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dhtop(t, "", "replay", path, "--json")
	if code != exit.Done || !strings.Contains(out, `"hashes"`) || errs != "dhtop: 1 part of the recording is damaged, and left out\n" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

// Of some damage the blocks of a recording show nothing until they are unpacked.
func TestWhatPlaysRecordingsRefusesOneOfWhichNothingIsWhole(t *testing.T) {
	b, err := os.ReadFile(demoRecording)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hurt.dhtrec")
	const says = "nothing of it is whole: play another copy"
	for at := len(b) / 400; ; at += len(b) / 400 { // until a block of which only the end is whole looks well
		if at > len(b) {
			t.Fatal("no such damage")
		}
		hurt := bytes.Clone(b[:at])
		for i := 100; i < at; i += 40 {
			hurt[i] ^= 0x55
		}
		if err := os.WriteFile(path, hurt, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := openPlayback([]string{path})
		if err == nil {
			p.Close()
		} else if strings.Contains(err.Error(), says) {
			break
		}
	}
	for _, args := range [][]string{{"replay", path, "--json"}, {"replay", path, "--ndjson"}, {"replay", path, "--pcapng", "-"}, {"export", "--from", path}} {
		if code, out, errs := dhtop(t, "", args...); code != exit.Usage || out != "" || !strings.Contains(errs, says) {
			t.Errorf("%s: exit code %d, %s%s", args, code, out, errs)
		}
	}
}

func TestReplaySaysWhatIsWrongWithItsArguments(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.dhtrec")
	if err := os.WriteFile(empty, []byte("dhtop recording 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"":                                       "no recording given: see 'dhtop replay --help'",
		"none.dhtrec":                            "cannot read none.dhtrec: no such file or directory",
		"replay_test.go":                         "replay_test.go: this is no recording of dhtop: name a file that --record has made",
		"testdata":                               "",
		t.TempDir():                              "no recording is in this directory: they end in .dhtrec",
		empty:                                    "nothing was recorded yet",
		demoRecording + " --at yesterday":        `--at: "yesterday" is no time: type 12:04`,
		demoRecording + " --at 2001-01-01T00:00": "--at: nothing was kept of 2001-01-01 00:00:00: the past goes from",
		demoRecording + " --speed -1":            "--speed -1: want 0 to 1024",
		demoRecording + " --top 501":             "--top 501: want 0 to 500",
	} {
		code, _, errs := dhtop(t, "", append([]string{"replay", "--json"}, strings.Fields(args)...)...)
		if want == "" && code == exit.Done {
			continue
		}
		if code != exit.Usage || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%q: exit code %d, %s", args, code, errs)
		}
	}
}
