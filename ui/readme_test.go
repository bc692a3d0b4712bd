package ui

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// keyTable is the README's table of keys, made from the action table.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| keys | action |\n|---|---|\n")
	for _, a := range Actions() {
		keys := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			keys[i] = "`" + KeyName(k) + "`"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(keys, " "), a.Help)
	}
	return b.String()
}

func TestTheKeyTableOfTheREADMEIsTheActionTable(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := keyTable(); !strings.Contains(string(readme), "\n"+want+"\n") {
		t.Errorf("README.md has another key table; it should be:\n%s", want)
	}
}
