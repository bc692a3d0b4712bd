package cli

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
)

// Nobody answers in the network of these tests.
const alone = "--bind 127.0.0.1 --port 0 --no-ipv6 --bootstrap none --store none --timeout 200ms"

const (
	hashA = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	hashB = "77c99e1f37cd0b8e8e2a3f5b0d9f1f0c2b3a4d5e"
	hashC = "99aabbccddeeff00112233445566778899aabbcc"
)

// object is what these tests read of an object of peers and announce.
type object struct {
	Kind        string
	InfoHash    string   `json:"info_hash"`
	V2InfoHash  string   `json:"v2_info_hash"`
	SameTorrent []string `json:"same_torrent"`
	Name        *string
	Line        int
	Error       *string
	Stored      int
	Also        []object
}

func hashesOf(all []object) (hashes []string) {
	for _, o := range all {
		hashes = append(hashes, o.InfoHash)
	}
	return hashes
}

func TestLookupsStartAsTheLinesComeAndABadLineIsPassedOver(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	in, typing := io.Pipe()
	printed, out := io.Pipe()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(t.Context(), strings.Fields("peers - --ndjson "+alone), console.NewStreams(in, out, &errs))
		out.Close()
	}()
	objects := json.NewDecoder(printed)
	next := func() (o object) {
		t.Helper()
		if err := objects.Decode(&o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	io.WriteString(typing, "# mine\n\n"+hashA+"\n") //nolint:errcheck // it would not be printed
	if o := next(); o.Kind != "lookup" || o.InfoHash != hashA {
		t.Errorf("first %+v", o)
	}
	io.WriteString(typing, "no hash\x1b[2J\n") //nolint:errcheck // as above
	if o := next(); o.Kind != "error" || o.Line != 4 || o.Error == nil || !strings.Contains(*o.Error, "want 40") {
		t.Errorf("then %+v", o)
	}
	io.WriteString(typing, "magnet:?xt=urn:btih:"+hashB+"&xt.1=urn:btih:"+hashC) //nolint:errcheck // as above
	typing.Close()
	if got := []string{next().InfoHash, next().InfoHash}; !slices.Contains(got, hashB) || !slices.Contains(got, hashC) {
		t.Errorf("at last %s", got)
	}
	if c := <-code; c != exit.Nothing || !strings.Contains(errs.String(), "dhtop: line 4 of standard input: ") || strings.Contains(errs.String(), "\x1b") {
		t.Errorf("exit code %d, said %q", c, &errs)
	}
}

func TestInputWithoutAnyHashJoinsNoNetworkAndFails(t *testing.T) {
	code, stdout, stderr := dhtop(t, "abc\n"+strings.Repeat("x", input.MaxLine+5)+"\nnope", strings.Fields("peers - --ndjson "+alone)...)
	if code != exit.Nothing || !strings.Contains(stderr, "3 lines of standard input could not be read") || strings.Count(stdout, `"kind":"error"`) != 3 {
		t.Errorf("exit code %d, printed %q, said %q", code, stdout, stderr)
	}
	if strings.Contains(stderr, "bootstrap") {
		t.Errorf("it joined a network: %q", stderr)
	}
	if code, stdout, _ = dhtop(t, "abc", strings.Fields("peers - --json "+alone)...); code != exit.Nothing || strings.TrimSpace(stdout) != "[]" {
		t.Errorf("exit code %d, printed %q", code, stdout)
	}
}

func TestTheResultsAreInTheOrderOfTheInput(t *testing.T) {
	code, stdout, stderr := dhtop(t, "\ufeff"+hashB+"\r\nabc\r\n#\r\n"+strings.ToUpper(hashC),
		append(strings.Fields("peers --json --parallel 8 "+alone), hashA, "-", "urn:btih:"+hashA)...)
	var all []object
	if err := json.Unmarshal([]byte(stdout), &all); err != nil || code != exit.Nothing {
		t.Fatalf("exit code %d, %v, said %q", code, err, stderr)
	}
	if got := hashesOf(all); !slices.Equal(got, []string{hashA, hashB, hashC, hashA}) {
		t.Errorf("%s", got)
	}
}

// hybrid writes a hybrid torrent named "both" and returns its path and its hashes.
func hybrid(t *testing.T) (path, v1, v2, v2Whole string) {
	t.Helper()
	info := "d9:file treed4:bothd0:d6:lengthi1eeee6:lengthi1e12:meta versioni2e4:name4:both12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"
	path = filepath.Join(t.TempDir(), "a.torrent")
	if err := os.WriteFile(path, []byte("d4:info"+info+"e"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, second := sha1.Sum([]byte(info)), sha256.Sum256([]byte(info))
	v2Whole = hex.EncodeToString(second[:])
	return path, hex.EncodeToString(first[:]), v2Whole[:40], v2Whole
}

func TestAHybridTorrentIsOneTorrentWithTwoHashes(t *testing.T) {
	path, v1, v2, whole := hybrid(t)
	_, stdout, stderr := dhtop(t, "", append(strings.Fields("peers --json --name "+alone), path)...)
	var all []object
	if err := json.Unmarshal([]byte(stdout), &all); err != nil || len(all) != 2 {
		t.Fatalf("%v, printed %q, said %q", err, stdout, stderr)
	}
	for i, want := range [][2]string{{v1, v2}, {v2, v1}} {
		if o := all[i]; o.InfoHash != want[0] || !slices.Equal(o.SameTorrent, want[1:]) || o.V2InfoHash != whole || o.Name == nil || *o.Name != "both" {
			t.Errorf("%+v", o)
		}
	}
	_, stdout, _ = dhtop(t, "", append(strings.Fields("peers --name "+alone), path)...)
	if strings.Count(stdout, "# the same torrent: "+v1) != 1 || strings.Count(stdout, "# name: both\n") != 2 {
		t.Errorf("printed %q", stdout)
	}
}

func TestBothSwarmsOfAHybridTorrentAreAnnouncedTo(t *testing.T) {
	path, v1, v2, _ := hybrid(t)
	args := append(strings.Fields("announce --peer-port 51413 --demo --demo-nodes 40 --store none"), path)
	code, stdout, stderr := dhtop(t, "", append(args, "--json")...)
	var first object
	if err := json.Unmarshal([]byte(stdout), &first); err != nil || code != exit.Done || len(first.Also) != 1 {
		t.Fatalf("exit code %d, %v, printed %q, said %q", code, err, stdout, stderr)
	}
	for i, o := range []object{first, first.Also[0]} {
		if o.InfoHash != []string{v1, v2}[i] || o.Stored == 0 || len(o.SameTorrent) != 1 {
			t.Errorf("%+v", o)
		}
	}
	_, stdout, _ = dhtop(t, "", append(args, "--csv")...)
	if strings.Count(stdout, "info_hash,") != 1 || !strings.Contains(stdout, "\n"+v1) || !strings.Contains(stdout, "\n"+v2) {
		t.Errorf("printed %q", stdout)
	}
	_, stdout, _ = dhtop(t, "", append(args, "--ndjson")...)
	if strings.Count(stdout, "\n") != 2 || strings.Contains(stdout, "also") {
		t.Errorf("printed %q", stdout)
	}
}
