package metadata

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clientSizes are the sizes of the metadata that BenchmarkClients fetches, in KiB.
var clientSizes = []int{8, 16, 64, 400, 1024, 4096}

// client is a BitTorrent client that holds torrents, without their data.
type client struct {
	program string // that it needs
	// prepare returns the command that runs it in dir with the torrent files and listens at port of 127.0.0.1.
	prepare func(dir string, port int, torrents []string) (*exec.Cmd, error)
}

var clients = map[string]client{
	"libtorrent": {"/usr/bin/python3", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		return exec.Command("/usr/bin/python3", append([]string{"-c", `import sys, time, libtorrent as lt
s = lt.session({"listen_interfaces": "127.0.0.1:" + sys.argv[1], "enable_dht": False, "enable_lsd": False, "active_downloads": -1, "active_limit": -1})
for f in sys.argv[2:]:
    s.add_torrent({"ti": lt.torrent_info(f), "save_path": "."})
time.sleep(1000)`, fmt.Sprint(port)}, torrents...)...), nil
	}},
	"transmission": {"transmission-daemon", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		settings := fmt.Sprintf(`{"peer-port": %d, "rpc-enabled": false, "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false, "download-queue-enabled": false,
			"port-forwarding-enabled": false, "watch-dir-enabled": true, "watch-dir": %q, "download-dir": %q}`, port, dir, dir)
		err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(settings), 0o600)
		return exec.Command("transmission-daemon", "-f", "-g", dir), err
	}},
	"aria2": {"aria2c", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		args := []string{"--enable-dht=false", "--bt-enable-lpd=false", "--file-allocation=none", "--listen-port", fmt.Sprint(port), "-j", "99", "-Z"}
		return exec.Command("aria2c", append(args, torrents...)...), nil
	}},
	"rtorrent": {"rtorrent", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		options := fmt.Sprintf("system.daemon.set=true,network.port_range.set=%d-%d,dht.mode.set=disable,protocol.pex.set=no", port, port)
		return exec.Command("rtorrent", append([]string{"-n", "-o", options}, torrents...)...), nil
	}},
	"qbittorrent": {"qbittorrent-nox", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		config := filepath.Join(dir, "qBittorrent", "config")
		err := os.MkdirAll(config, 0o700)
		if err == nil {
			err = os.WriteFile(filepath.Join(config, "qBittorrent.conf"), fmt.Appendf(nil, "[LegalNotice]\nAccepted=true\n[BitTorrent]\n"+
				"Session\\Port=%d\nSession\\DHTEnabled=false\nSession\\LSDEnabled=false\nSession\\QueueingSystemEnabled=false\n"+
				"[Preferences]\nWebUI\\Port=%d\nWebUI\\Address=127.0.0.1\n", port, port+1), 0o600)
		}
		return exec.Command("qbittorrent-nox", append([]string{"--profile=" + dir, "--save-path=" + dir}, torrents...)...), err
	}},
	"deluge": {"deluged", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		config := fmt.Sprintf(`{"file": 1, "format": 1}{"listen_ports": [%d, %d], "random_port": false, "dht": false, "lsd": false, "upnp": false,
			"natpmp": false, "daemon_port": %d, "max_active_downloading": -1, "max_active_limit": -1, "download_location": %q}`, port, port, port+1, dir)
		err := os.WriteFile(filepath.Join(dir, "core.conf"), []byte(config), 0o600)
		var add strings.Builder
		for _, t := range torrents {
			fmt.Fprintf(&add, "deluge-console -c %s 'connect 127.0.0.1:%d; add %s'; ", dir, port+1, t)
		}
		return exec.Command("sh", "-c", fmt.Sprintf("deluged -d -c %s & trap 'kill %%1' TERM; sleep 5; %s wait", dir, add.String())), err
	}},
	"webtorrent": {"node", func(dir string, port int, torrents []string) (*exec.Cmd, error) {
		script := `const { default: W } = await import(process.env.WEBTORRENT);
const c = new W({ dht: false, lsd: false, tracker: false, utp: false, torrentPort: +process.argv[1] });
for (const f of process.argv.slice(2)) c.add(f, { path: '.' });`
		return exec.Command("node", append([]string{"--input-type=module", "-e", script, fmt.Sprint(port)}, torrents...)...), nil
	}},
}

// BenchmarkClients fetches metadata of several sizes from the clients that are installed. webtorrent is found by
// the variable WEBTORRENT, the path of its index.js.
func BenchmarkClients(b *testing.B) {
	port := 42000
	for name, c := range clients {
		port += 10
		if _, err := exec.LookPath(c.program); err != nil || name == "webtorrent" && os.Getenv("WEBTORRENT") == "" {
			b.Logf("%s is not installed", name)
			continue
		}
		b.Run(name, func(b *testing.B) { benchmarkClient(b, c, port) })
	}
}

func benchmarkClient(b *testing.B, c client, port int) {
	dir := b.TempDir()
	var torrents []string
	var hashes [][20]byte
	for _, kib := range clientSizes {
		dict := dictOf(fmt.Sprintf("t%d", kib), kib<<10-100)
		hashes = append(hashes, sha1.Sum(dict))
		path := filepath.Join(dir, fmt.Sprintf("t%d.torrent", kib))
		file := fmt.Appendf(nil, "d8:announce17:udp://127.0.0.1:94:info%se", dict) // rtorrent wants a tracker
		if err := os.WriteFile(path, file, 0o600); err != nil {
			b.Fatal(err)
		}
		torrents = append(torrents, path)
	}
	cmd, err := c.prepare(dir, port, torrents)
	if err != nil {
		b.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, &said, &said, time.Second
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		cmd.Process.Signal(os.Interrupt)                             //nolint:errcheck // it may have ended
		time.AfterFunc(3*time.Second, func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
		cmd.Wait()                                                   //nolint:errcheck // it was told to end
	}()
	for i, kib := range clientSizes {
		b.Run(fmt.Sprintf("%dKiB", kib), func(b *testing.B) {
			for b.Loop() {
				fetchWhenReady(b, hashes[i], port, &said)
			}
		})
	}
}

// fetchWhenReady measures the first fetch that the client answers.
func fetchWhenReady(b *testing.B, hash [20]byte, port int, said *bytes.Buffer) {
	peers := []netip.AddrPort{netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port))}
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(500 * time.Millisecond) {
		began := time.Now()
		_, err := Fetch(context.Background(), Config{}, hash, peers)
		if err == nil {
			b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/fetch")
			return
		}
		if time.Now().After(end) {
			b.Fatalf("%v\n%s", err, said)
		}
	}
}
