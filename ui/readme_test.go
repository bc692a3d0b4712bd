package ui

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"dhtop/views/screen"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rowsUnder returns the rows of the README's table with a heading.
func rowsUnder(t *testing.T, heading string) (rows []string) {
	t.Helper()
	_, table, ok := strings.Cut(readme(t), "\n"+heading+"\n|---|---|\n")
	if !ok {
		t.Fatalf("README.md has no table %s", heading)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	return strings.Split(strings.TrimSpace(table), "\n")
}

// The other keys are in the manual: TestTheManualHasEveryKeyCommandAndFlag.
func TestTheKeysOfTheREADMEAreActions(t *testing.T) {
	const thirteen = 13
	known := map[string]bool{}
	for _, a := range Actions() {
		keys := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			keys[i] = "`" + KeyName(k) + "`"
		}
		known[fmt.Sprintf("| %s | %s |", strings.Join(keys, " "), a.Help)] = true
	}
	rows := rowsUnder(t, "| keys | action |")
	if len(rows) != thirteen {
		t.Errorf("README.md has %d keys; the heading says thirteen", len(rows))
	}
	for _, row := range rows {
		if !known[row] {
			t.Errorf("README.md has the row %s, and no action has those keys and that help", row)
		}
	}
}

func TestThePanesOfTheREADMEAreThePanes(t *testing.T) {
	rows := rowsUnder(t, "| pane | question |")
	if len(rows) != int(screen.Panes) {
		t.Errorf("README.md has %d panes, the program %d", len(rows), screen.Panes)
	}
	for p := range screen.Panes {
		if start := fmt.Sprintf("| `%s` %s | ", p.Key(), p); !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, start) }) {
			t.Errorf("README.md lacks a row that begins %s", start)
		}
	}
}
