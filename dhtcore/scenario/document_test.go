package scenario

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore/testnet"
)

var update = flag.Bool("update", false, "rewrite the generated parts of SCENARIOS.md")

const documentPath = "../../.github/SCENARIOS.md"

// generated returns the parts of SCENARIOS.md that follow from the code, by their marks.
func generated() map[string]string {
	var kinds []string
	for _, k := range testnet.IncidentKinds() {
		kinds = append(kinds, "`"+k.String()+"`")
	}
	conditions := "| condition | unit | what it is |\n|---|---|---|\n"
	for _, c := range Conditions() {
		conditions += fmt.Sprintf("| `%s` | %s | %s |\n", c.Name, c.Unit, c.Help)
	}
	measures := "| measure | unit | what it is |\n|---|---|---|\n"
	for _, m := range Measures() {
		measures += fmt.Sprintf("| `%s` | %s | %s |\n", m.Name, m.Unit, m.Help)
	}
	scenarios := "| scenario | what happens | expected |\n|---|---|---|\n"
	for _, s := range Builtin() {
		var expected []string
		for _, e := range s.Expect {
			expected = append(expected, fmt.Sprintf("`%s` %s", e.Measure, e))
		}
		scenarios += fmt.Sprintf("| %s | %s | %s |\n", s.Name, s.About, strings.Join(expected, "<br>"))
	}
	return map[string]string{
		"incidents": strings.Join(kinds, ", ") + ".\n", "conditions": conditions, "measures": measures, "builtin": scenarios,
	}
}

func TestTheDocumentOfTheScenariosIsUpToDate(t *testing.T) {
	data, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	is := string(data)
	want := is
	for mark, text := range generated() {
		part := regexp.MustCompile(`(?s)(<!-- ` + mark + ` -->\n).*?(<!-- end -->)`)
		if !part.MatchString(want) {
			t.Errorf("there is no mark %q", mark)
		}
		want = part.ReplaceAllStringFunc(want, func(string) string { return "<!-- " + mark + " -->\n" + text + "<!-- end -->" })
	}
	if *update {
		err = os.WriteFile(documentPath, []byte(want), 0o600)
	}
	if err != nil || is != want && !*update {
		t.Errorf("SCENARIOS.md does not say what the code does: go test ./dhtcore/scenario -update, %v", err)
	}
	_, example, _ := strings.Cut(want, "```toml\n")
	example, _, _ = strings.Cut(example, "```")
	if _, err := Parse("SCENARIOS.md", []byte(example)); err != nil {
		t.Errorf("its example: %v", err)
	}
}
