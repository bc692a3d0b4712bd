package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
)

// npmPkarr runs npm's pkarr client once, and returns what it printed.
func npmPkarr(t *testing.T, args ...string) string {
	t.Helper()
	node := needs.Program(t, "node", "nodejs")
	_, err := os.Stat(scriptDir + "/node_modules/pkarr")
	needs.That(t, err == nil, "npm package pkarr")
	ctx, cancel := context.WithTimeout(t.Context(), scenarioTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, append([]string{"pkarr_client.mjs"}, args...)...)
	cmd.Dir, cmd.Stderr = scriptDir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func TestPkarrClientsAndDhtopReadTheRecordsOfTheOther(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	bootstrap := n.flags[6]
	pk := npmPkarr(t, "publish", bootstrap)
	got := n.want("", "get", "pk:"+pk)
	for _, line := range []string{"# pk:" + pk + ", published 20", "\n@ 300 A 192.0.2.7\n", "\nwww 30 CNAME example.com.\n",
		"\n_proto.sub 4294967295 TXT \"foo=\\\"bar\\\"\" \"\\027\\255\"\n", "\n# " + bootstrap + " "} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in:\n%s", line, got)
		}
	}

	key := filepath.Join(t.TempDir(), "key")
	put := decode[struct{ PK string }](t, n.want("", "put", "--key-file", key, "--new-key", "--json",
		"--pkarr", "@ 60 AAAA 2001:db8::7", "--pkarr", `x 30 TXT "two" "texts"`))
	var answers []struct {
		Name, Type string
		TTL        int
		Data       any
	}
	if err := json.Unmarshal([]byte(npmPkarr(t, "resolve", bootstrap, "pk:"+put.PK)), &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != 2 || answers[0].Name != put.PK || answers[0].Data != "2001:db8::7" || answers[1].Name != "x."+put.PK ||
		answers[1].Type != "TXT" || answers[1].TTL != 30 {
		t.Errorf("npm's client read %+v", answers)
	}
}

func TestWhatIsNoPkarrRecordSaysSo(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	key := filepath.Join(t.TempDir(), "key")
	put := decode[struct{ PK string }](t, n.want("", "put", "hello", "--key-file", key, "--new-key", "--json"))
	if got := n.want("", "get", "pk:"+put.PK); !strings.Contains(got, "\n# the value is no DNS packet, or a damaged one\nhello\n") {
		t.Errorf("printed\n%s", got)
	}
	n.refuse("no item found", "get", "pk:o4dksfbqk85ogzdb5osziw6befigbuxmuxkuxq8434q89uj56uyy")
	for _, args := range [][]string{
		{"get", "pk:o4dksfbqk85ogzdb5osziw6befigbuxmuxkuxq8434q89uj56uy"}, {"put", "--pkarr", "@ 1 A 192.0.2.7"},
		{"put", "x", "--key-file", key, "--pkarr", "@ 1 A 192.0.2.7"}, {"put", "--key-file", key, "--pkarr", "@ 1 A there"},
		{"put", "--key-file", key, "--salt", "s", "--pkarr", "@ 1 A 192.0.2.7"}, {"put", "--key-file", key, "--pkarr", "@ 1 TXT " + strings.Repeat("x", 999)},
	} {
		if code, _, stderr := n.run("", args...); code != 2 {
			t.Errorf("%.60q: exit code %d, said %q", args, code, stderr)
		}
	}
}
