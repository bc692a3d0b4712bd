package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestATerminalThatCannotMoveItsCursorIsRefusedInOneLine(t *testing.T) {
	for term, ok := range map[string]bool{
		"": true, "xterm": true, "vt100": true, "linux": true, "screen-256color": true, "no-such-terminal": true,
		"../../../etc/passwd": true, "dumb": false,
	} {
		err := Check(term)
		if (err == nil) != ok {
			t.Errorf("TERM=%s: %v", term, err)
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "dhtop crawl")) {
			t.Errorf("TERM=%s: %q; want one line with a remedy", term, err)
		}
	}
}

func TestTheTerminalDatabaseSaysWhatCannotMove(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TERMINFO", dir)
	// A compiled entry (term(5)) without any capability, as a line printer has.
	entry := append([]byte{0x1a, 0x01, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "printer\x00"...)
	if err := os.Mkdir(filepath.Join(dir, "p"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "p", "printer"), entry, 0o600); err != nil {
		t.Fatal(err)
	}
	if Check("printer") == nil {
		t.Error("a line printer passes")
	}
}

func TestALocaleThatIsNotUTF8MeansASCII(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		utf8             bool
	}{
		{"", "", "", true},
		{"", "", "en_US.UTF-8", true},
		{"", "", "C.utf8", true},
		{"", "", "de_DE.UTF-8@euro", true},
		{"", "UTF-8", "", true},
		{"", "", "de_DE.ISO-8859-1", false},
		{"", "", "ru_RU.KOI8-R", false},
		{"", "", "de_DE@euro", false},
		{"", "", "ja_JP.eucJP", false},
		{"C", "", "en_US.UTF-8", false},
		{"en_US.UTF-8", "C", "POSIX", true},
		{"", "C", "en_US.UTF-8", false},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.ctype, "LANG": c.lang}
		if got := UTF8(func(name string) string { return env[name] }); got != c.utf8 {
			t.Errorf("%v: UTF-8 %t", c, got)
		}
	}
}
