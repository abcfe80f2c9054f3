import HypeEvaluation
import Testing
