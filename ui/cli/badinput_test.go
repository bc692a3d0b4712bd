package cli

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
)

// dhtop runs the program in this process, away from the user's own files.
func dhtop(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	emptyHome(t)
	var out, errOut bytes.Buffer
	code = Main(args, strings.NewReader(stdin), &out, &errOut)
	return code, out.String(), errOut.String()
}

// emptyHome gives the test a home directory of its own.
func emptyHome(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
}

func TestBadInputIsOneClearLineAndExitCode2(t *testing.T) {
	taken, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := strconv.Itoa(taken.LocalAddr().(*net.UDPAddr).Port)
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("rate = 'fast'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	typo := filepath.Join(t.TempDir(), "typo.toml")
	if err := os.WriteFile(typo, []byte("prot = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const hash = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	for _, c := range []struct {
		args, stdin, says string
	}{
		{args: "crawl --bogus", says: "unknown flag: --bogus: see 'dhtop crawl --help'"},
		{args: "serve --tracker-http 6969", says: `--tracker-http "6969": want HOST:PORT, such as 0.0.0.0:6969, or none`},
		{args: "serve --tracker-udp :70000", says: "--tracker-udp"},
		{args: "serve --tracker-http 127.0.0.1:" + strconv.Itoa(web.Addr().(*net.TCPAddr).Port) + " --store none --bind 127.0.0.1 --port 0 --http none", says: "is in use: stop the other program or pass another port"},
		{args: "serve --tracker-bridge", says: "--tracker-bridge is for a tracker: pass --tracker-http or --tracker-udp too"},
		{args: "serve --tracker-deny /nowhere", says: "pass --tracker-http or --tracker-udp too"},
		{args: "serve --tracker-http 127.0.0.1:0 --tracker-deny /nowhere --store none --bind 127.0.0.1 --port 0 --http none", says: "--tracker-deny: stat /nowhere"},
		{args: "serve --tracker-require full", says: `--tracker-require "full": want compact, no_peer_id or any`},
		{args: "serve --tracker-max-announce-rate 0", says: "--tracker-max-announce-rate 0: want a number above 0"},
		{args: "serve --tracker-proxy proxy", says: `--tracker-proxy "proxy": want an address or a network`},
		{args: "fly", says: `unknown command "fly": see 'dhtop --help'`},
		{args: "crawll", says: `unknown command "crawll": did you mean "crawl"? See 'dhtop --help'`},
		{args: "help crawll", says: `did you mean "crawl"?`},
		{args: "help fly", says: `unknown command "fly"`},
		{args: "help crawl now", says: `unknown command "now": see 'dhtop crawl --help'`},
		{args: "completion bsh", says: `unknown command "bsh": did you mean "bash"? See 'dhtop completion --help'`},
		{args: "completion tcsh", says: `"tcsh"`},
		{args: "crawl --fro 5s", says: "unknown flag: --fro: did you mean --for? See 'dhtop crawl --help'"},
		{args: "crawl -for 5s", says: "did you mean --for?"},
		{args: "crawl --no_ipv", says: "did you mean --no-ipv6?"},
		{args: "crawl --for", says: "--for needs a value: want a duration such as 10s: see 'dhtop crawl --help'"},
		{args: "crawl --for 5", says: "--for \"5\": want a duration such as 10s"},
		{args: "crawl --log-level loud", says: "want debug, info, warning or error"},
		{args: "crawl --theme pink", says: "pink"},
		{args: "crawl now", says: "takes no argument"},
		{args: "crawl --bind 127.0.0.1 --bootstrap none --port " + port, says: "is in use: stop the other program or pass --port 0"},
		{args: "crawl --port 65536", says: "--port \"65536\": want a whole number up to 65535"},
		{args: "crawl --public-ip nowhere", says: "--public-ip"},
		{args: "crawl --public-ip 224.0.0.1", says: "is not a public IP address"},
		{args: "crawl --public-ip 8.8.8.8,8.8.4.4", says: "--public-ip"},
		{args: "crawl --public-ip 8.8.8.8 --read-only", says: "pass one of them"},
		{args: "crawl --bind nowhere", says: "is not an IP address"},
		{args: "crawl --bind 127.0.0.1 --bind 127.0.0.2", says: "one address family"},
		{args: "crawl --bind 192.0.2.1 --bootstrap none", says: "pass another --bind"},
		{args: "crawl --bind ::1 --no-ipv6", says: "--bind"},
		{args: "crawl --bootstrap nowhere", says: "want HOST:PORT"},
		{args: "crawl --bootstrap none --bootstrap a:1", says: "excludes other hosts"},
		{args: "crawl --rate -1", says: "--rate"},
		{args: "crawl --for -1s", says: "--for"},
		{args: "crawl --max-hashes -5", says: "--max-hashes"},
		{args: "crawl --names hottest", says: "top:N"},
		{args: "crawl --names top:0", says: "from 1 to"},
		{args: "crawl --demo --demo-nodes 0", says: "--demo-nodes"},
		{args: "crawl --demo --fault drop=2", says: "--fault \"drop=2\": drop=2: want a share from 0 to 1"},
		{args: "crawl --demo --demo-net ten", says: "want a network such as 10.77.0.0/16"},
		{args: "crawl --demo --demo-net 10.0.0.0/30", says: "want an IPv4 network from /8 to /24"},
		{args: "crawl --demo --demo-net 192.0.2.0/24", says: "run 'ip addr add 192.0.2.1/24 dev lo'"},
		{args: "crawl --fault drop=1", says: "pass --demo"},
		{args: "crawl --json --ndjson", says: "pass one of them"},
		{args: "crawl --top 9999999", says: "--top"},
		{args: "crawl --data " + file + "/below", says: "pass --data DIR"},
		{args: "crawl --store mysql://x", says: "sqlite:PATH"},
		{args: "crawl --config " + file, says: "rate"},
		{args: "crawl --config " + typo, says: `unknown setting "prot"`},
		{args: "crawl --config /nowhere/at/all", says: "/nowhere/at/all"},
		{args: "crawl --demo --for 1s -o /nowhere/at/all", says: "/nowhere/at/all"},
		{args: "peers", says: "no hash given"},
		{args: "peers abc", says: "3 characters"},
		{args: "peers " + hash + "0", says: "41 characters"},
		{args: "peers magnet:?dn=x", says: "magnet"},
		{args: "peers -", says: "no hash on standard input"},
		{args: "peers - " + hash + "0", stdin: hash + "\n", says: "41 characters"},
		{args: "peers -", stdin: "\n# none\n", says: "no hash on standard input"},
		{args: "peers none.torrent", says: `there is no file "none.torrent"`},
		{args: "peers --parallel 0 " + hash, says: "--parallel"},
		{args: "peers --timeout 0s " + hash, says: "--timeout"},
		{args: "peers --name --csv " + hash, says: "--name and --csv"},
		{args: "announce", says: "no hash given"},
		{args: "announce abc --peer-port 1", says: "3 characters"},
		{args: "announce " + hash, says: "pass --peer-port N"},
		{args: "announce " + hash + " --peer-port 65536", says: "--peer-port \"65536\": want a whole number"},
		{args: "announce " + hash + " " + hash, says: "pass --peer-port N"},
		{args: "put x y", says: "takes one value"},
		{args: "serve --demo --http " + web.Addr().String(), says: "is in use: stop the other program, or pass --http with another port or none"},
		{args: "serve --demo --http 192.0.2.1:0", says: "pass another --http ADDR"},
		{args: "serve --demo --http 0.0.0.0:0", says: "pass --data DIR"},
		{args: "serve --http here", says: "want HOST:PORT"},
		{args: "serve --http 127.0.0.1:http", says: "want HOST:PORT"},
		{args: "serve --http-host here:6880", says: "without a port"},
		{args: "get", says: "no target given"},
		{args: "get " + hash[1:], says: "want the 40 hexadecimal digits"},
		{args: "get " + strings.Repeat("x", 40), says: "not hexadecimal"},
		{args: "get magnet:?xt=urn:btih:" + hash, says: "without the public key"},
		{args: "get magnet:?xs=urn:btpk:" + strings.Repeat("ab", 32) + "&s=0", says: "salt"},
		{args: "get magnet:?xs=urn:btpk:" + strings.Repeat("ab", 32) + "&s=00 --salt x", says: "pass one of them"},
		{args: "get " + hash + " --salt " + strings.Repeat("x", 65), says: "65 bytes"},
		{args: "get " + hash + " --timeout 0s", says: "--timeout"},
		{args: "put", says: "no value given"},
		{args: "put x --salt y", says: "--key-file"},
		{args: "put x --new-key", says: "--key-file"},
		{args: "put x --seq -1 --key-file " + file, says: "not negative"},
		{args: "put x --key-file /nowhere/at/all", says: "pass --new-key"},
		{args: "put x --key-file " + file, says: "want an ed25519 key"},
		{args: "put x --new-key --key-file " + file, says: "leave it out"},
		{args: "put --bencoded 3:x", says: "canonical form"},
		{args: "put " + strings.Repeat("x", 997), says: "at most 1000 bytes"},
		{args: "put -", stdin: strings.Repeat("x", 2000), says: "at most 1000 bytes"},
		{args: "export --csv --json", says: "pass one of them"},
		{args: "export --format xml", says: "xml"},
		{args: "export", says: "there is no store"},
		{args: "demo", says: "needs a terminal"},
		{args: "", says: "needs a terminal"},
	} {
		code, stdout, stderr := dhtop(t, c.stdin, strings.Fields(c.args)...)
		if code != exit.Usage || stdout != "" {
			t.Errorf("%s: exit code %d, output %q", c.args, code, stdout)
		}
		if strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "dhtop: ") || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: said %q, want one line with %q", c.args, stderr, c.says)
		}
	}
}

func TestAFlagBeatsTheEnvironmentWhichBeatsTheFile(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(config, []byte("demo-nodes = 0\ntop = 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	fails := func(args ...string) bool {
		code, _, stderr := dhtop(t, "", append([]string{"crawl", "--demo", "--for", "1ms", "--config", config}, args...)...)
		return code == exit.Usage && strings.Contains(stderr, "--demo-nodes 0")
	}
	if !fails() {
		t.Error("the file's setting was not taken")
	}
	t.Setenv("DHTOP_DEMO_NODES", "20")
	if fails() {
		t.Error("the environment does not beat the file")
	}
	if !fails("--demo-nodes", "0") {
		t.Error("the flag does not beat the environment")
	}
}
