"""The plot of a training run."""

from __future__ import annotations

from matplotlib.ticker import MaxNLocator

from fastdepth_ros.offline.evaluation.plots import COLOURS, new_axes, to_svg


def plot_training(log: list[dict[str, float]]) -> bytes:
    """Loss and validation figures by epoch, an SVG file; `log` has facts.LOGGED."""
    figure, axes = new_axes(3, 11.8, 2.7)
    epochs = [row['epoch'] for row in log]
    axes[0].plot(epochs, [row['loss'] for row in log], color='black', marker='.')
    axes[0].set_title('training loss')
    for ax, metric in zip(axes[1:], ('absrel', 'delta1'), strict=True):
        for kind, colour in COLOURS.items():
            values = [row[f'{kind}_{metric}'] for row in log]
            ax.plot(epochs, values, color=colour, label=kind, marker='.')
        ax.set_title(f'validation {metric}')
    axes[1].legend(frameon=False)
    for ax in axes:
        ax.set_xlabel('epoch')
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return to_svg(figure)
