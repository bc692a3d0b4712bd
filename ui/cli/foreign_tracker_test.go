package cli_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"dhtop/dhtcore/needs"
)

// TestAria2DownloadsFromAria2WithOnlyOurTracker has no DHT to find peers in but aria2's own, without nodes: its UDP
// tracker client needs the socket of that.
func TestAria2DownloadsFromAria2WithOnlyOurTracker(t *testing.T) {
	t.Parallel()
	aria2 := needs.Program(t, "aria2c", "aria2")
	web, datagram := freePort(t), freePort(t)
	serveAt(t, freeAddr(t), "--tracker-http", ":"+web, "--tracker-udp", "127.0.0.1:"+datagram)
	data := make([]byte, 1<<20)
	rand.Read(data)
	for name, announce := range map[string]string{
		"HTTP": "http://127.0.0.1:" + web + "/announce",
		"UDP":  "udp://127.0.0.1:" + datagram + "/announce",
		"IPv6": "http://[::1]:" + web + "/announce",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seeds, leeches := t.TempDir(), t.TempDir()
			writeFile(t, filepath.Join(seeds, name), data)
			torrent := filepath.Join(t.TempDir(), "file.torrent")
			writeFile(t, torrent, torrentOf(name, data, announce))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			run := func(dir string, more ...string) *exec.Cmd {
				return exec.CommandContext(ctx, aria2, append([]string{"-q", "-d", dir, "--enable-dht=true", "--dht-file-path=" + filepath.Join(dir, "dht"),
					"--dht-listen-port=" + freePort(t), "--listen-port=" + freePort(t), "--bt-enable-lpd=false",
					"--enable-peer-exchange=false", "--no-conf=true", torrent}, more...)...)
			}
			seed := run(seeds, "--check-integrity=true", "--seed-ratio=0")
			if err := seed.Start(); err != nil {
				t.Fatal(err)
			}
			defer seed.Wait() //nolint:errcheck // the context kills it
			defer cancel()
			for try := range 8 { // aria2 asks again only after the interval, and the seeder may announce after the first
				leech := run(leeches, "--seed-time=0", "--bt-stop-timeout=2")
				out, err := leech.CombinedOutput()
				got, _ := os.ReadFile(filepath.Join(leeches, name))
				if err == nil && bytes.Equal(got, data) {
					return
				}
				if try == 7 {
					t.Errorf("%d bytes, %v\n%s", len(got), err, out)
				}
			}
		})
	}
}

// torrentOf returns a .torrent file of one file.
func torrentOf(name string, data []byte, announce string) []byte {
	const piece = 1 << 18
	var pieces []byte
	for at := 0; at < len(data); at += piece {
		sum := sha1.Sum(data[at:min(at+piece, len(data))])
		pieces = append(pieces, sum[:]...)
	}
	return fmt.Appendf(nil, "d8:announce%d:%s4:infod6:lengthi%de4:name%d:%s12:piece lengthi%de6:pieces%d:%see",
		len(announce), announce, len(data), len(name), name, piece, len(pieces), pieces)
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
