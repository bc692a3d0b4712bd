package tracker_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/wire"
)

// bittorrent is another program that downloads and seeds.
type bittorrent interface {
	// add starts a torrent. It seeds what lies in its directory.
	add(torrent *torrent) error
	// remove ends a torrent and forgets it.
	remove(torrent *torrent) error
	// files returns its directory.
	files() string
}

// clientTime is when a client that hangs is killed.
const clientTime = 2 * time.Minute

// started is a client on a host of its own.
type started struct {
	needs.Host
	dir string
}

func newClient(t *testing.T, net *needs.Switch) started {
	t.Helper()
	c := started{net.Host(), t.TempDir()}
	if err := os.Mkdir(c.files(), 0o700); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *started) files() string { return c.path("files") }

func (c *started) path(name string) string { return filepath.Join(c.dir, name) }

// start runs the program of the client. What it says is logged when the test fails; with pipes that is its standard error alone.
func (c *started) start(t *testing.T, net *needs.Switch, pipes func(*exec.Cmd), program string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), clientTime)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	if pipes == nil {
		cmd.Stdout = &said
	} else {
		pipes(cmd)
	}
	t.Cleanup(func() {
		cancel()
		if t.Failed() {
			t.Logf("%s at %s said:\n%s", filepath.Base(program), c.IPv4, &said)
		}
	})
	net.Start(t, c.Host, cmd)
}

// startPatience is how long a client may take to start.
const startPatience = 30 * time.Second

// rpc calls a JSON API until it takes the call or the client's time to start is over. want reads the answer.
func rpc(url string, header http.Header, call any, want func(*http.Response) error) error {
	body, err := json.Marshal(call)
	if err != nil {
		return err
	}
	for end := time.Now().Add(startPatience); ; time.Sleep(50 * time.Millisecond) {
		req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header = header
		res, err := (&http.Client{Timeout: 5 * time.Second}).Do(req)
		if err == nil {
			err = want(res)
			res.Body.Close()
		}
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// aria2 is driven over JSON-RPC.
type aria2 struct {
	started
	mu   sync.Mutex
	gids map[string]string // by info_hash
}

func startAria2(t *testing.T, net *needs.Switch, dht bool) bittorrent {
	c := &aria2{started: newClient(t, net), gids: map[string]string{}}
	args := []string{"--no-conf=true", "--enable-rpc", "--rpc-listen-all", "--rpc-listen-port=6800", "--dir=" + c.files(),
		"--dht-file-path=" + c.path("dht"), "--dht-file-path6=" + c.path("dht6"), "--bt-enable-lpd=false", "--enable-peer-exchange=false",
		"--enable-dht=true", // its UDP tracker client needs the socket of that
		"--max-concurrent-downloads=100", "--check-integrity=true", "--seed-ratio=0", "--file-allocation=none",
		"--console-log-level=info", "--summary-interval=0"}
	if dht {
		args = append(args, "--dht-entry-point="+nodeAddr(needs.SwitchIPv4), "--enable-dht6=true", "--dht-listen-addr6="+c.IPv6.String(),
			"--dht-entry-point6="+nodeAddr(needs.SwitchIPv6))
	}
	c.start(t, net, nil, needs.Program(t, "aria2c", "aria2"), args...)
	return c
}

func (c *aria2) call(method string, params ...any) (result string, err error) {
	err = rpc(fmt.Sprintf("http://%s:6800/jsonrpc", c.IPv4), nil, map[string]any{"jsonrpc": "2.0", "id": "1", "method": method, "params": params},
		func(res *http.Response) error {
			var answer struct {
				Result string
				Error  *struct{ Message string }
			}
			if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
				return err
			}
			if answer.Error != nil {
				return fmt.Errorf("aria2: %s: %s", method, answer.Error.Message)
			}
			result = answer.Result
			return nil
		})
	return result, err
}

func (c *aria2) add(torrent *torrent) error {
	gid, err := c.call("aria2.addTorrent", base64.StdEncoding.EncodeToString(torrent.file), []string{})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gids[torrent.hash.String()] = gid
	return err
}

func (c *aria2) remove(torrent *torrent) error {
	c.mu.Lock()
	gid := c.gids[torrent.hash.String()]
	c.mu.Unlock()
	_, err := c.call("aria2.remove", gid)
	return err
}

// transmission is driven over its RPC.
type transmission struct {
	started
	mu      sync.Mutex
	session string
}

func startTransmission(t *testing.T, net *needs.Switch, dht bool) bittorrent {
	c := &transmission{started: newClient(t, net)}
	settings, err := json.Marshal(map[string]any{
		"download-dir": c.files(), "dht-enabled": dht, "rpc-port": 9091, "message-level": 3,
		"rpc-whitelist-enabled": false, "rpc-host-whitelist-enabled": false, "utp-enabled": false, "lpd-enabled": false,
		"pex-enabled": false, "port-forwarding-enabled": false, "preallocation": 0, "cache-size-mb": 0, "rename-partial-files": false,
		"download-queue-enabled": false,
	})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"settings.json": settings}
	if dht {
		var nodes []byte
		for i := range uint16(identities) {
			nodes = wire.AppendAddr(nodes, netip.AddrPortFrom(needs.SwitchIPv4, nodePort+i))
		}
		files["dht.dat"] = fmt.Appendf(nil, "d2:id20:abcdefghij01234567895:nodes%d:%se", len(nodes), nodes)
	}
	for name, text := range files {
		writeFile(t, c.path(name), text)
	}
	c.start(t, net, nil, needs.Program(t, "transmission-daemon", "transmission-daemon"), "--foreground", "--config-dir", c.dir)
	return c
}

func (c *transmission) call(method string, arguments map[string]any) error {
	const sessionHeader = "X-Transmission-Session-Id"
	header := http.Header{}
	c.mu.Lock()
	defer c.mu.Unlock()
	header.Set(sessionHeader, c.session)
	return rpc(fmt.Sprintf("http://%s:9091/transmission/rpc", c.IPv4), header, map[string]any{"method": method, "arguments": arguments},
		func(res *http.Response) error {
			if id := res.Header.Get(sessionHeader); id != "" { // that the refusal of a first call names
				c.session = id
				header.Set(sessionHeader, id)
			}
			var answer struct{ Result string }
			if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
				return fmt.Errorf("transmission: %s: %s, %w", method, res.Status, err)
			}
			if answer.Result != "success" {
				return fmt.Errorf("transmission: %s: %s", method, answer.Result)
			}
			return nil
		})
}

func (c *transmission) add(torrent *torrent) error {
	return c.call("torrent-add", map[string]any{"metainfo": base64.StdEncoding.EncodeToString(torrent.file)})
}

func (c *transmission) remove(torrent *torrent) error {
	return c.call("torrent-remove", map[string]any{"ids": []string{torrent.hash.String()}})
}

// libtorrent is driven through a script.
type libtorrent struct {
	started
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

func startLibtorrent(t *testing.T, net *needs.Switch, dht, ipv6 bool) bittorrent {
	c := &libtorrent{started: newClient(t, net)}
	listen := "0.0.0.0:6881"
	if ipv6 {
		listen += ",[::]:6881"
	} else {
		c.IPv6 = netip.Addr{}
	}
	settings := map[string]any{
		"listen_interfaces": listen, "enable_outgoing_utp": false, "enable_incoming_utp": false,
		"min_reconnect_time": 1, "unchoke_slots_limit": -1, "enable_dht": dht, "dht_bootstrap_nodes": "",
		"dht_announce_interval": 10, "dht_upload_rate_limit": 1_000_000, // as it spreads its announces over a quarter of an hour
		"dht_block_ratelimit": 1000, // it blocks an address with five packets a second, such as that of our identities
	}
	if dht {
		settings["dht_bootstrap_nodes"] = nodeAddr(needs.SwitchIPv4) + "," + nodeAddr(needs.SwitchIPv6)
	}
	text, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	pipes := func(cmd *exec.Cmd) {
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if c.in, err = cmd.StdinPipe(); err != nil {
			t.Fatal(err)
		}
		c.out = bufio.NewReader(out)
	}
	c.start(t, net, pipes, needs.Libtorrent(t), "testdata/libtorrent_client.py", string(text))
	return c
}

func (c *libtorrent) do(command map[string]string) error {
	line, err := json.Marshal(command)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return err
	}
	said, err := c.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("libtorrent is gone: %w (%s)", err, needs.ForeignCrash)
	}
	var answer struct{ Error string }
	if err := json.Unmarshal(said, &answer); err != nil {
		return err
	}
	if answer.Error != "" {
		return fmt.Errorf("libtorrent: %s: %s", line, answer.Error)
	}
	return nil
}

func (c *libtorrent) add(torrent *torrent) error {
	return c.do(map[string]string{"do": "add", "torrent": torrent.path, "dir": c.files()})
}

func (c *libtorrent) remove(torrent *torrent) error {
	return c.do(map[string]string{"do": "remove", "info_hash": torrent.hash.String()})
}
