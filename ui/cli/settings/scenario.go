package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/scenario"
	"dhtop/ui/cli/config"
)

// DefaultScenario is the one that runs without a terminal unless told otherwise.
const DefaultScenario = "calm"

// setScenario takes the name of a built-in scenario or of a file.
func (s *Settings) setScenario(name string) (err error) {
	if name == "" {
		return nil
	}
	if s.Network.Scenario = scenario.Named(name); s.Network.Scenario != nil {
		return nil
	}
	s.Network.Scenario, err = readScenario(name)
	return err
}

func readScenario(path string) (*scenario.Scenario, error) {
	expanded, err := config.ExpandHome(path)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(expanded)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(path, "./"):
		return nil, fmt.Errorf("--scenario %q is neither a file nor a scenario%s", path,
			human.DidYouMean(strings.ReplaceAll(path, "-", " "), scenario.Names(), ": the built-in ones are "+strings.Join(scenario.Names(), ", ")))
	case err != nil:
		return nil, fmt.Errorf("--scenario %s: %w: pass a file that you can read", path, human.Cause(err))
	}
	return scenario.Parse(path, data)
}
