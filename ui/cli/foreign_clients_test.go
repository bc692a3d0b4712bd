package cli_test

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// scriptDir is where the scripts of the clients that are not written in Go are, and their packages.
const scriptDir = "testdata/foreign"

// openLibtorrent runs libtorrent under Debian's own Python, the only one that sees its package.
func openLibtorrent(t *testing.T) foreign {
	return openScript(t, needs.Libtorrent(t), "libtorrent_nodes.py")
}

func openWebtorrent(t *testing.T) foreign {
	node := needs.Program(t, "node", "nodejs")
	_, err := os.Stat(scriptDir + "/node_modules/bittorrent-dht")
	needs.That(t, err == nil, "npm package bittorrent-dht")
	return openScript(t, node, "webtorrent_nodes.mjs")
}

// script is a client in another process: it takes a command as a line of JSON and answers with one.
type script struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Scanner
}

// scenarioTime is when a script that hangs is killed.
const scenarioTime = 90 * time.Second

func openScript(t *testing.T, interpreter, name string) foreign {
	t.Helper()
	in, out := needs.Script(t, scenarioTime, func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, interpreter, name)
		cmd.Dir = scriptDir
		return cmd
	})
	return &script{t: t, in: in, out: bufio.NewScanner(out)}
}

type command struct {
	Do       string `json:"do"`
	Node     int    `json:"node"`
	IP       string `json:"ip,omitempty"`
	Dhtop    string `json:"dhtop,omitempty"`
	InfoHash string `json:"info_hash,omitempty"`
	Port     int    `json:"port"`
	Value    string `json:"value,omitempty"`
	Target   string `json:"target,omitempty"`
	Seed     string `json:"seed,omitempty"` // of an ed25519 key, hex
	Key      string `json:"key,omitempty"`  // public, hex
	Salt     string `json:"salt,omitempty"`
}

// do has the script do something and returns its answer.
func do[T any](s *script, c command) (answer T) {
	s.t.Helper()
	line, err := json.Marshal(c)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		s.t.Fatal(err)
	}
	if !s.out.Scan() {
		s.t.Fatalf("%s: the client is gone (%v)", line, s.out.Err())
	}
	got := struct {
		OK    *T
		Error string
	}{OK: &answer}
	if err := json.Unmarshal(s.out.Bytes(), &got); err != nil || got.Error != "" {
		s.t.Fatalf("%s: %s%v", line, strings.ReplaceAll(got.Error, `\n`, "\n"), err)
	}
	return answer
}

func (s *script) start(ip, dhtop string) string {
	return do[string](s, command{Do: "start", IP: ip, Dhtop: dhtop})
}

func (s *script) announce(node int, hash string, port int) string {
	return do[string](s, command{Do: "announce", Node: node, InfoHash: hash, Port: port})
}

func (s *script) find(node int, hash string) []string {
	return do[[]string](s, command{Do: "find", Node: node, InfoHash: hash})
}

func (s *script) put(node int, value string, seed, salt []byte) (target string) {
	c := command{Do: "put", Node: node, Value: value, Salt: string(salt)}
	if seed != nil {
		c.Seed, c.Key = hex.EncodeToString(seed), hex.EncodeToString(publicKey(seed))
	}
	return do[string](s, c)
}

func (s *script) get(node int, target string, key, salt []byte) string {
	return do[string](s, command{Do: "get", Node: node, Target: target, Key: hex.EncodeToString(key), Salt: string(salt)})
}

func publicKey(seed []byte) []byte {
	return []byte(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
}

func (s *script) nodes(node int) []string { return do[[]string](s, command{Do: "nodes", Node: node}) }

func (s *script) sent(node int, hash string) int {
	return do[int](s, command{Do: "sent", Node: node, InfoHash: hash})
}
