package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

// The lookups of this test, in an embedded network whose round trips take 20 to 150 ms: a lookup takes
// 300 ms if it is let.
const (
	demoHashes  = 300
	demoTimeout = 200 * time.Millisecond
	demoSlack   = 5 * time.Second // of a busy machine
	demoNetwork = "--demo --demo-nodes 60 --rate 0 --rate-bytes 0 --rate-new 0"
)

// demoHash is that of the i-th most wanted torrent of the network.
func demoHash(i int) string { return testnet.InfoHash(1, i).String() }

// told is a line of peers --ndjson, and when it was printed.
type told struct {
	at        time.Time
	Kind      string
	InfoHash  string `json:"info_hash"`
	Addr      string
	FoundMS   int64 `json:"found_ms"`
	ElapsedMS int64 `json:"elapsed_ms"`
	Error     *string
	Peers     []struct{ Addr string }
}

// tellPeers looks up hashes and returns what was printed.
func tellPeers(t *testing.T, hashes []string, timeout time.Duration) (lines []told) {
	t.Helper()
	emptyHome(t)
	var rest []byte // of a line that is not complete
	out := writerFunc(func(b []byte) (int, error) {
		now := time.Now()
		rest = append(rest, b...)
		for {
			line, more, complete := bytes.Cut(rest, []byte("\n"))
			if !complete {
				return len(b), nil
			}
			l := told{at: now}
			if err := json.Unmarshal(line, &l); err != nil {
				return 0, err
			}
			lines, rest = append(lines, l), more
		}
	})
	var errs bytes.Buffer
	code := run(t.Context(), strings.Fields("peers - --ndjson --parallel 16 --warm 4s --timeout "+timeout.String()+" "+demoNetwork), console.NewStreams(strings.NewReader(strings.Join(hashes, "\n")), out, &errs))
	if code != exit.Done && code != exit.Nothing {
		t.Fatalf("exit code %d, said %q", code, &errs)
	}
	return lines
}

func TestHundredsOfLookupsTellTheirPeersAsTheyComeAndKeepToTheirTime(t *testing.T) {
	var hashes []string
	for i := range demoHashes / 2 {
		hashes = append(hashes, demoHash(i), fmt.Sprintf("%040x", i)) // the second is nobody's
	}
	timeout := demoTimeout
	lines := tellPeers(t, hashes, timeout)
	for ; len(lines) < demoHashes*3/2 && timeout < 10*demoTimeout; lines = tellPeers(t, hashes, timeout) { // on a busy machine
		timeout *= 2
	}

	first, last := map[string]told{}, map[string]told{}
	addrs := map[string][]string{}
	for _, l := range lines {
		_, begun := first[l.InfoHash]
		_, done := last[l.InfoHash]
		switch {
		case done:
			t.Fatalf("after the end of its lookup: %+v", l)
		case l.Kind == "lookup":
			last[l.InfoHash] = l
		case !begun:
			first[l.InfoHash] = l
		}
		if l.Kind == "peer" {
			addrs[l.InfoHash] = append(addrs[l.InfoHash], l.Addr)
		}
	}
	var ahead, due time.Duration // of the end of its lookup the first peer was told, and was found
	cut := 0
	for _, hash := range hashes {
		l := last[hash]
		if took := time.Duration(l.ElapsedMS) * time.Millisecond; l.Kind != "lookup" || took > timeout+demoSlack {
			t.Errorf("%s: %s: %+v", hash, took, l)
		}
		if l.Error != nil {
			cut++
		}
		var all []string
		for _, p := range l.Peers {
			all = append(all, p.Addr)
		}
		if slices.Sort(all); !slices.Equal(all, slices.Sorted(slices.Values(addrs[hash]))) {
			t.Errorf("%s: told %d peers, found %d", hash, len(addrs[hash]), len(all))
		}
		if f, some := first[hash]; some {
			ahead += l.at.Sub(f.at)
			due += time.Duration(l.ElapsedMS-f.FoundMS) * time.Millisecond
		}
	}
	if len(last) != demoHashes || len(first) < demoHashes/8 || timeout == demoTimeout && cut == 0 {
		t.Errorf("%d hashes were done, %d had peers, %d took too long", len(last), len(first), cut)
	}
	if ahead < due/2 {
		t.Errorf("the first peers were found %s before the end of their lookups, and told %s before it", due, ahead)
	}
}

type writerFunc func(b []byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
