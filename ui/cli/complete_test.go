package cli

import (
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
	"dhtop/views/theme"
)

// The lines that the program prints for a shell, and the directive after them: 1 error, 2 no space, 4 no files,
// 8 files with these endings, 16 directories.
func TestShellsCompleteWhatIsMeant(t *testing.T) {
	for _, c := range []struct {
		line      string // a dot ends one that completes an empty word
		has       []string
		lacks     []string
		directive string
	}{
		{line: "", has: []string{"crawl\tDiscover info_hashes, print each one once, then a summary", "help", "man"}, directive: ":4"},
		{line: "crawl --theme", lacks: []string{"--theme"}, directive: ":4"},
		{line: "demo --theme .", has: theme.Names(), directive: ":4"},
		{line: "demo --theme hi", has: []string{"high-contrast", "high-contrast-light"}, lacks: []string{"dark"}, directive: ":4"},
		{line: "--graphs .", has: []string{"braille", "blocks"}, directive: ":4"},
		{line: "export --format .", has: []string{"plain", "csv", "json", "ndjson", "magnet"}, directive: ":4"},
		{line: "crawl --log-level .", has: []string{"debug", "info", "warning", "error"}, directive: ":4"},
		{line: "crawl --store .", has: []string{"sqlite:", "postgres://", "none"}, directive: ":6"},
		{line: "crawl --store sqlite:/tm", directive: ":0"},
		{line: "demo --scenario .", has: []string{"calm", "churn-storm"}, directive: ":4"},
		{line: "demo --scenario mine.to", directive: ":0"},
		{line: "config .", has: []string{"crawl", "serve"}, lacks: []string{"man", "config"}, directive: ":4"},
		{line: "crawl --bootstrap no", has: []string{"none"}, directive: ":4"},
		{line: "crawl --port .", directive: ":4"},
		{line: "crawl --data .", directive: ":16"},
		{line: "crawl -o .", directive: ":0"},
		{line: "crawl --config .", directive: ":0"},
		{line: "put x --key-file .", directive: ":0"},
		{line: "crawl .", directive: ":4"},
		{line: "put .", directive: ":4"},
		{line: "peers .", has: []string{"torrent"}, directive: ":8"},
		{line: "announce .", has: []string{"torrent"}, directive: ":8"},
		{line: "import .", has: []string{"csv", "json", "ndjson"}, directive: ":8"},
		{line: "watch .", has: []string{"add", "rm", "list", "import"}, directive: ":4"},
		{line: "watch add .", has: []string{"torrent"}, directive: ":8"},
		{line: "watch import .", directive: ":0"},
		{line: "help cr", has: []string{"crawl"}, lacks: []string{"serve"}, directive: ":4"},
		{line: "completion .", has: []string{"bash", "zsh", "fish", "powershell"}, directive: ":4"},
		{line: "crawl --rat", has: []string{"--rate\tSend at most N packets per second, replies aside"}, directive: ":4"},
		{line: "crawl --names", has: []string{"--names\tFetch the names of the hottest hashes, top:N"}, directive: ":4"},
		{line: "export --rate", lacks: []string{"--rate"}, directive: ":4"},
	} {
		words := strings.Split(c.line, " ")
		if last := &words[len(words)-1]; *last == "." {
			*last = ""
		}
		code, out, errs := dhtop(t, "", append([]string{"__complete"}, words...)...)
		lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
		if code != exit.Done || lines[len(lines)-1] != c.directive {
			t.Errorf("%q: exit code %d, %s%s; want %s", c.line, code, out, errs, c.directive)
		}
		for _, want := range c.has {
			if !strings.Contains("\n"+out, "\n"+want) {
				t.Errorf("%q: no %q in\n%s", c.line, want, out)
			}
		}
		for _, bad := range c.lacks {
			if strings.Contains("\n"+out, "\n"+bad) {
				t.Errorf("%q: %q in\n%s", c.line, bad, out)
			}
		}
		if strings.Contains(out, "`") {
			t.Errorf("%q: backticks in\n%s", c.line, out)
		}
	}
}

func TestTheScriptsOfTheShellsAskTheProgram(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		code, out, errs := dhtop(t, "", "completion", shell)
		if code != exit.Done || !strings.Contains(out, "__complete") || errs != "" {
			t.Errorf("%s: exit code %d, %d bytes, %s", shell, code, len(out), errs)
		}
	}
}
