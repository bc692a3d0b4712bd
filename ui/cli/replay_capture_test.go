package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pcapng"
	"dhtop/ui/cli/exit"
)

// writtenCapture is a capture of two nodes that ask 10.0.0.5 for the peers of one hash.
func writtenCapture(t *testing.T) (path string) {
	t.Helper()
	var file bytes.Buffer
	w, err := pcapng.NewWriter(&file, "test", "")
	if err == nil {
		err = w.AddInterface(pcapng.Interface{})
	}
	ours := netip.MustParseAddrPort("10.0.0.5:6881")
	for i, other := range []string{"91.201.41.182:6881", "203.0.113.9:51413"} {
		query := fmt.Appendf(nil, "d1:ad2:id20:%020d9:info_hash20:abcdefghij0123456789e1:q9:get_peers1:t2:aa1:v4:LT\x02\x081:y1:qe", i)
		reply := fmt.Appendf(nil, "d1:rd2:id20:%020d5:token1:ae1:t2:aa1:y1:re", 9)
		d := pcapng.Datagram{At: time.Date(2026, 11, 29, 12, 0, i, 0, time.UTC), From: netip.MustParseAddrPort(other), To: ours, Payload: query, Size: len(query)}
		answer := pcapng.Datagram{At: d.At.Add(time.Millisecond), From: d.To, To: d.From, Payload: reply, Size: len(reply)}
		for _, d := range []pcapng.Datagram{d, answer} {
			if err == nil {
				err = w.Write(&d)
			}
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "capture.pcapng")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestACaptureIsReplayedAsARecording(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	code, out, errs := dhtop(t, "", "replay", writtenCapture(t), "--json")
	var summary struct {
		Hashes, Requests int
		Top              []struct {
			InfoHash string `json:"info_hash"`
			Sources  int
		}
	}
	if err := json.Unmarshal([]byte(out), &summary); code != exit.Done || err != nil || errs != "" {
		t.Fatalf("exit code %d, %v: %s%s", code, err, out, errs)
	}
	if summary.Requests != 2 || len(summary.Top) != 1 || summary.Top[0].InfoHash != fmt.Sprintf("%x", "abcdefghij0123456789") || summary.Top[0].Sources != 2 {
		t.Errorf("%+v", summary)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReplayWritesThePacketsForWireshark(t *testing.T) {
	capture, to := writtenCapture(t), filepath.Join(t.TempDir(), "out.pcapng")
	code, out, errs := dhtop(t, "", "replay", capture, "--pcapng", to)
	if code != exit.Done || out != "" || errs != "dhtop: wrote 4 packets to "+to+"\n" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	file, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"get_peers about 61626364…, from libtorrent 2.0.8", "reply to get_peers about 61626364…, after 1.0 ms", "vantage 1"} {
		if !bytes.Contains(file, []byte(want)) {
			t.Errorf("%q is not in the file", want)
		}
	}
	code, out, errs = dhtop(t, "", "replay", capture, "--pcapng", "-")
	if code != exit.Done || out != string(file) || errs != "dhtop: wrote 4 packets to standard output\n" {
		t.Errorf("exit code %d, %d bytes, %s", code, len(out), errs)
	}
	code, out, errs = dhtop(t, "", "replay", capture, "--pcapng", "-", "--at", "2026-11-29T12:00:01Z")
	if code != exit.Done || errs != "dhtop: wrote 2 packets to standard output\n" || len(out) >= len(file) {
		t.Errorf("exit code %d, %d bytes, %s", code, len(out), errs)
	}
	code, out, _ = dhtop(t, "", "replay", capture, "--pcapng", "-", "--mask-ips")
	if ip := netip.MustParseAddr("91.201.41.182").AsSlice(); code != exit.Done || strings.Contains(out, string(ip)) || !strings.Contains(out, string(ip[:3])) {
		t.Errorf("exit code %d, masked: %q", code, out)
	}
}

func TestTheReadingOfACaptureSaysHowFarItIsAndLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := writtenCapture(t)
	c, err := newCapturesOf([]string{path, demoRecording}, "")
	if err != nil || c.progress() != "" {
		t.Fatal(err, c.progress())
	}
	c.say(path, dhtcore.CaptureProgress{Read: 3_900_000, Size: 12_000_000})
	if want := "looking for the node: 3.9 MB of 12.0 MB of capture.pcapng"; c.progress() != want {
		t.Errorf("%q; want %q", c.progress(), want)
	}
	c.say(path, dhtcore.CaptureProgress{Again: true, Read: 900, Size: 12_000_000})
	if want := "reading the packets: 900 B of 12.0 MB of capture.pcapng"; c.progress() != want {
		t.Errorf("%q; want %q", c.progress(), want)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.recordings(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	all, err := c.recordings(t.Context())
	if err != nil || len(all) != 2 || all[0] == path || all[1] != demoRecording || c.progress() != "" {
		t.Errorf("%q, %v, and then it says %q", all, err, c.progress())
	}
	c.remove()
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestReplaySaysWhatIsWrongWithACapture(t *testing.T) {
	capture := writtenCapture(t)
	for args, want := range map[string]string{
		capture + " --self nobody":              `--self "nobody": want an IP address`,
		capture + " --self 9.9.9.9":             "none of the 4 messages in this capture is from or to 9.9.9.9: name another address",
		demoRecording + " --self 10.0.0.5":      "it is of captures, and none is named",
		capture + " --pcapng out --json":        "--pcapng writes nothing but the packets",
		"testdata --pcapng -":                   "no packets were recorded here: record with --record-packets",
		capture + " --pcapng /nowhere/x.pcapng": "cannot write /nowhere/x.pcapng: no such file or directory",
	} {
		code, _, errs := dhtop(t, "", append([]string{"replay"}, strings.Fields(args)...)...)
		if code == exit.Done || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%q: exit code %d, %s", args, code, errs)
		}
	}
}
