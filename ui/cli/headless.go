package cli

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/scenario"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
)

// headless runs a scenario on the embedded network without a terminal and prints its verdicts. --for takes the place of
// the scenario's own length.
func headless(cmd *cobra.Command, std console.Streams, s settings.Settings) error {
	if s.Lab {
		return fmt.Errorf("--lab is a pane of the screen, and --headless has none: pass one of them")
	}
	run := *cmp.Or(s.Explorer.Demo.Scenario, scenario.Named(settings.DefaultScenario))
	if s.For > 0 {
		if last := len(run.Steps) - 1; last >= 0 && run.Steps[last].At >= s.For {
			return fmt.Errorf("--for %s ends before the last step of the scenario, at %s: make it longer", s.For, run.Steps[last].At)
		}
		run.For, s.For = s.For, 0
	}
	s.Explorer.Demo.Scenario = &run
	out, err := console.Open(cmd.Context(), std, s.Output)
	if err != nil {
		return err
	}
	defer out.Discard()
	out.Form = s.Form
	session, err := openAPISession(cmd.Context(), s)
	if err != nil {
		return err
	}
	defer session.wait()
	line := console.ShowProgress(std, out, func() string { return labProgress(&run, session.Snapshot().Lab) })
	result := conduct(session.session, &run, logSteps(line, s.LogLevel))
	line.Stop()
	result.Seed = s.Network.Seed
	if err := session.finish(out, std.Err, out.Print(result)); err != nil {
		return err
	}
	name, _ := cmd.Flags().GetString("scenario")
	return result.failure(cmp.Or(name, settings.DefaultScenario))
}

// watchEvery is how often a headless run looks at the lab.
const watchEvery = 50 * time.Millisecond

// conduct waits until the scenario is done, or the session has ended, and calls happened for each step as it happens.
func conduct(s *session, run *scenario.Scenario, happened func(*scenario.Step)) *scenarioResult {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	steps := run.Steps
	for {
		lab := s.Lab()
		for len(steps) > 0 && lab.Running >= steps[0].At && lab.Scenario != "" {
			happened(&steps[0])
			steps = steps[1:]
		}
		if !lab.Done {
			select {
			case <-s.ctx.Done():
				lab = s.Lab()
			case <-tick.C:
				continue
			}
		}
		return &scenarioResult{
			Scenario: run.Name, ElapsedMS: lab.Running.Milliseconds(), Measurements: lab.Truth,
			Verdicts: scenario.Judge(run, &lab.Truth), OK: scenario.Passed(scenario.Judge(run, &lab.Truth)),
		}
	}
}

// logSteps returns a function that writes a line about each step.
func logSteps(w io.Writer, log settings.LogLevel) func(*scenario.Step) {
	return func(s *scenario.Step) {
		if text := s.String(); text != "" && log >= settings.LogInfo {
			fmt.Fprintf(w, "%6s  %s\n", s.At, text)
		}
	}
}

// labProgress is the progress line of a headless run.
func labProgress(run *scenario.Scenario, lab *dhtcore.LabState) string {
	if lab == nil {
		return run.Name
	}
	text := fmt.Sprintf("%s  %s of %s", run.Name, human.Duration(lab.Running.Truncate(time.Second)), human.Duration(run.For))
	if lab.Next != "" {
		text += fmt.Sprintf("  in %s: %s", human.Duration(lab.NextIn), lab.Next)
	}
	return text
}

// scenarioResult is what became of a scenario.
type scenarioResult struct {
	Scenario     string                `json:"scenario"`
	Seed         uint64                `json:"seed"`
	ElapsedMS    int64                 `json:"elapsed_ms"`
	OK           bool                  `json:"ok"`
	Measurements scenario.Measurements `json:"measurements"`
	Verdicts     []scenario.Verdict    `json:"verdicts"`
}

// failure is the error of a run whose verdicts are not all as expected; nil for one whose are. name is the value of
// --scenario.
func (r *scenarioResult) failure(name string) error {
	failed := 0
	for i := range r.Verdicts {
		if !r.Verdicts[i].OK {
			failed++
		}
	}
	if failed == 0 {
		return nil
	}
	return exit.With(exit.Nothing, fmt.Sprintf("%d of %s failed: run it again with --scenario %q --seed %d",
		failed, human.Amount(len(r.Verdicts), "expectation", "expectations"), name, r.Seed))
}

// WritePlain writes the verdicts, then all that was measured.
func (r *scenarioResult) WritePlain(w io.Writer) error {
	fmt.Fprintf(w, "%s: seed %d, %s\n\n", r.Scenario, r.Seed, (time.Duration(r.ElapsedMS) * time.Millisecond).Round(100*time.Millisecond))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		fmt.Fprintf(table, "%s\t%s\twant %s\tgot %s\n", mark(v.OK), v.Measure, v.Want, cmp.Or(v.Got, "nothing"))
	}
	fmt.Fprintln(table)
	for _, m := range scenario.Measures() {
		if text := m.Text(&r.Measurements); text != "" {
			fmt.Fprintf(table, "\t%s\t%s\t%s\n", m.Name, text, m.Help)
		}
	}
	return table.Flush()
}

// mark is the word for a verdict.
func mark(ok bool) string {
	if ok {
		return "ok"
	}
	return "FAILED"
}

// WriteCSV writes the verdicts.
func (r *scenarioResult) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"scenario", "seed", "measure", "want", "got", "ok"}) //nolint:errcheck // Error tells
	for i := range r.Verdicts {
		v := &r.Verdicts[i]
		c.Write([]string{r.Scenario, strconv.FormatUint(r.Seed, 10), v.Measure, v.Want, v.Got, strconv.FormatBool(v.OK)}) //nolint:errcheck // as above
	}
	c.Flush()
	return c.Error()
}
